"""Gives every ``Mapper`` of an application what ``@mapping`` says on its beans."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, get_type_hints

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import WiringError
from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import record_of, recorded_members
from pyfly.data.mapper import Mapper
from pyfly.data.mapping_declarations import Declared, MappingConfig, MappingRecord
from pyfly.kernel.diagnosis import Diagnosis


class DeclaredMapping(NamedTuple):
    """One mapping of the application.

    Attributes:
        source: The class that is mapped.
        target: The class that is made of it.
        config: What is said about the fields.
        where: The class or method that says so, with its file and line.
        definition: Of the bean it is in.
        method: The name of the method that makes the object, if one does.
    """

    source: type
    target: type
    config: MappingConfig
    where: str
    definition: BeanDefinition
    method: str = ""


class MappingPostProcessor:
    """Tells mappers, before anybody receives them, what the application declares."""

    def __init__(self, container: Container) -> None:
        """Read what the beans of *container* declare."""
        self._container = container

    def before_init(self, bean: Any, bean_name: str) -> Any:
        """Return *bean*, which knows the declared mappings if it is a mapper."""
        if isinstance(bean, Mapper):
            for definition in self._container.definitions():
                for each in declared_by(definition):
                    if isinstance(each, DeclaredMapping):  # All are: others stop the start.
                        self._tell(bean, each)
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        """Return *bean*."""
        return bean

    def _tell(self, mapper: Mapper, said: DeclaredMapping) -> None:
        if said.method:
            mapper.add_converter(said.source, said.target, self._calling(said.definition, said.method))
        else:
            mapper.add_mapping(said.source, said.target, **said.config._asdict())

    def _calling(self, definition: BeanDefinition, name: str) -> Callable[[Any], Any]:
        def call(source: Any) -> Any:
            # Asked for only now, so that the bean may need the mapper itself.
            bean = definition.instance if definition.created else self._container.get(definition)
            return getattr(bean, name)(source)

        return call


def declared_by(definition: BeanDefinition) -> Iterator[DeclaredMapping | WiringError]:
    """Yield the mappings that the class of *definition* and its methods declare, and why a method cannot map."""
    cls = definition.type
    for base in cls.__mro__:
        for said in getattr(record_of(base, MappingRecord), "said", ()):
            where = f"{base.__name__} ({origin_of(base)})"
            yield DeclaredMapping(said.source, said.target, said.config, where, definition)
    for name, found in recorded_members(cls, MappingRecord):
        function = inspect.unwrap(getattr(cls, name))
        where = f"{cls.__name__}.{name} ({origin_of(function)})"
        for said in found.said:
            pair = _pair(cls, name, said, where)
            if isinstance(pair, WiringError):
                yield pair
            else:
                yield DeclaredMapping(*pair, said.config, where, definition, name)


def _pair(cls: type, name: str, said: Declared, where: str) -> tuple[type, type] | WiringError:
    """Return which class the method maps to which."""
    function = inspect.unwrap(getattr(cls, name))
    if method_kind(function) is not MethodKind.SYNC:
        fix = f"Make {name} a plain method."
        return _useless(where, "It is not a plain method, and mapping does not wait.", fix)
    required = _required(cls, name)
    if len(required) != 1:
        fix = f"Let {name} take one parameter: what is mapped."
        return _useless(where, f"It takes {len(required)} parameters.", fix)
    if said.source is not None and said.target is not None:
        return said.source, said.target
    return _annotated(function, required[0], where)


def _required(cls: type, name: str) -> list[str]:
    """Return the parameters that a call of the method has to give."""
    parameters = list(inspect.signature(getattr(cls, name)).parameters.values())
    if inspect.isfunction(inspect.getattr_static(cls, name)):
        parameters = parameters[1:]
    return [
        each.name for each in parameters if each.default is each.empty and each.kind < each.VAR_POSITIONAL
    ]


def _annotated(function: Callable[..., Any], parameter: str, where: str) -> tuple[type, type] | WiringError:
    fix = "Annotate both with classes that exist at run time, or name them: @mapping(Source, Target)."
    try:
        hints = get_type_hints(function)
    except NameError as failure:
        return _useless(where, f"An annotation cannot be evaluated: {failure}.", fix)
    source, target = hints.get(parameter), hints.get("return")
    if isinstance(source, type) and isinstance(target, type):
        return source, target
    return _useless(where, "Its parameter and its result are not both annotated with a class.", fix)


def _useless(where: str, why: str, fix: str) -> WiringError:
    return WiringError(Diagnosis(f"{where} cannot be a mapping.", (why,), (fix,)))
