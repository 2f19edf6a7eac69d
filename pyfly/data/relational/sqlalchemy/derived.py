"""Repository methods that are implemented from their names: found and checked at start-up, then woven in."""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from pyfly.container.definition import origin_of
from pyfly.container.interception import InterceptionOrder, MethodInterceptor, MethodTarget
from pyfly.data.exceptions import InvalidRepositoryError, UnknownPropertyError
from pyfly.data.query_parser import QueryMethodParser
from pyfly.data.relational.sqlalchemy.generics import type_argument
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.query_compiler import DerivedQuery, Shape, resolve
from pyfly.data.relational.sqlalchemy.repository import Repository
from pyfly.data.relational.sqlalchemy.signatures import Arguments, SignatureError, read_signature
from pyfly.data.relational.sqlalchemy.stubs import is_stub, stub_methods

_PARSER = QueryMethodParser()
_WHY = "The entity is taken from the type arguments of the class."


class DerivedMethod(NamedTuple):
    """A compiled query and how calls of its method are turned into its arguments."""

    query: DerivedQuery
    arguments: Arguments

    def implementation(self) -> Callable[..., Any]:
        """Return the body of the method, as a function that takes the repository first."""
        run, split = self.query.run, self.arguments.split
        writes = self.query.shape is Shape.DELETE

        async def derived(repository: Repository[Any, Any], *args: Any, **kwargs: Any) -> Any:
            values, window = split(args, kwargs)
            if writes:
                return await repository.run_write(run, values, window)
            return await repository.run_read(run, values, window)

        return derived


def compile_method(cls: type, name: str, function: Callable[..., Any]) -> DerivedMethod:
    """Compile the derived query *name* of the repository *cls*.

    Raises:
        InvalidRepositoryError: The name or the signature asks for something impossible.
    """
    what = _cannot(cls, name, function)
    mapping: EntityMapping[Any] = mapping_of(entity_of(cls))
    try:
        parsed = resolve(name, mapping)
        shape, arguments = read_signature(function, parsed)
        return DerivedMethod(DerivedQuery(mapping, parsed, shape, f"{cls.__name__}.{name}"), arguments)
    except UnknownPropertyError as failure:
        raise InvalidRepositoryError(what, *_unknown(failure, name)) from failure
    except (SignatureError, ValueError) as failure:
        fix = "Change the method's name or its signature, or write its body."
        raise InvalidRepositoryError(what, f"The method cannot work as written: {failure}.", fix) from failure


def entity_of(cls: type) -> type:
    """Return the entity that the repository *cls* stores.

    Raises:
        InvalidRepositoryError: It does not say, or what it says is not mapped.
    """
    entity = type_argument(cls, Repository)
    if not isinstance(entity, type):
        fix = f"Name the entity and the type of its id: class {cls.__name__}(Repository[Entity, int])."
        raise InvalidRepositoryError(
            f"{cls.__name__} ({origin_of(cls)}) does not say which entity it stores.", _WHY, fix
        )
    try:
        mapping_of(entity)
    except SQLAlchemyError as failure:
        what = f"{cls.__name__} ({origin_of(cls)}) stores {entity.__name__}, which is not a mapped entity."
        fix = f"Let {entity.__name__} inherit Base and give it a __tablename__ and a primary key."
        raise InvalidRepositoryError(what, str(failure), fix) from failure
    return entity


class DerivedQueryInterceptor(MethodInterceptor):
    """Implements the derived queries of repositories."""

    order: ClassVar[int] = InterceptionOrder.IMPLEMENTATION

    def intercept(self, target: MethodTarget) -> Callable[[Callable[..., Any]], Callable[..., Any]] | None:
        """Return what replaces the empty body of a derived query; leave every other method alone."""
        if not (issubclass(target.cls, Repository) and _PARSER.is_derived(target.name)):
            return None
        if not is_stub(target.function):
            return None
        implementation = compile_method(target.cls, target.name, target.function).implementation()
        return lambda _body: implementation


def invalid_methods(cls: type) -> Iterator[InvalidRepositoryError]:
    """Yield one failure per method of the repository *cls* that promises what its entity cannot keep."""
    try:
        entity_of(cls)
    except InvalidRepositoryError as failure:
        yield failure
        return
    for name, function in stub_methods(cls, Repository):
        if _PARSER.is_derived(name):
            try:
                compile_method(cls, name, function)
            except InvalidRepositoryError as failure:
                yield failure
        elif "_by_" in name:
            yield InvalidRepositoryError(_cannot(cls, name, function), *_no_query(name))


def _no_query(name: str) -> tuple[str, str]:
    prefixes = ", ".join(QueryMethodParser.PREFIXES)
    return f"Its body is empty, and '{name}' is no derived query.", f"Start its name with one of {prefixes}."


def _unknown(failure: UnknownPropertyError, name: str) -> tuple[str, str]:
    reason = f"{failure.entity} has no property '{failure.property}'. It has: {', '.join(failure.known)}."
    if failure.suggestion is None:
        return reason, "Name a mapped property, or write the method's body."
    return reason, f"Did you mean '{name.replace(failure.property, failure.suggestion)}'?"


def _cannot(cls: type, name: str, function: Callable[..., Any]) -> str:
    return f"{cls.__name__}.{name} ({origin_of(function)}) cannot be implemented."
