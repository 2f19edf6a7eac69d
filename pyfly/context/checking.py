"""The check of everything before anything is built: wiring, configuration and what modules add."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import BeanGraphError, Problem, WiringError
from pyfly.container.metadata import record_of, recorded_members
from pyfly.container.resolution import Dependency, UnresolvedAnnotationError, hints_of
from pyfly.container.types import Scope
from pyfly.context.conditions import AutoConfigurationRecord
from pyfly.context.events import (
    ApplicationReadyEvent,
    ConfigChangedEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    EventListenerRecord,
)
from pyfly.context.properties import ContextProperties
from pyfly.context.run import Run
from pyfly.context.starting import asks_for_lifecycle
from pyfly.context.values import evaluate
from pyfly.core.config.config import Config
from pyfly.core.config.declaration import ConfigPropertiesRecord, prefix_of
from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.diagnosis import Diagnosis, explain

_LOGGER: Final = "pyfly.config"
_OWN_EVENTS: Final = (ContextRefreshedEvent, ApplicationReadyEvent, ContextClosedEvent, ConfigChangedEvent)


def check(run: Run) -> None:
    """Find every mistake there is.

    Raises:
        BeanGraphError: There is at least one; it carries all.
    """
    problems: list[WiringError] = []
    try:
        run.properties = run.config.bind(ContextProperties)
    except ConfigurationError as error:
        problems.append(_configuration_problem(error))
    problems += run.selection.problems
    register_properties(run.config, run.container)
    for edit in run.edits:
        problems += edit()
    problems += run.container.problems(allow_overriding=run.properties.allow_bean_overriding)
    problems += _unbindable(run.config, run.container)
    problems += _bad_values(run.config, run.container)
    problems += _bad_listeners(run.container)
    problems += _never_started(run.container)
    problems += _found_by_modules(run)
    problems += _unknown_keys(run)
    if problems:
        raise BeanGraphError(problems)


def register_properties(config: Config, container: Container) -> None:
    """Make every ``@config_properties`` class a bean: those registered, and those that somebody needs."""
    for definition in container.definitions():
        if definition.factory is None and not definition.created and _properties(definition.type):
            container.remove(definition)
            container.add(properties_definition(config, definition.type, definition.name))
    wanted = dict.fromkeys(each for found in container.definitions() for each in _wanted(found))
    for cls in wanted:
        if _properties(cls) and not container.definitions_of(cls):
            container.add(properties_definition(config, cls, cls.__name__))


def properties_definition(config: Config, cls: type, name: str) -> BeanDefinition:
    """Return the definition of a bean that *config* binds."""
    bind = partial(config.bind, cls)
    return BeanDefinition(cls, name=name, factory=_Binder(bind), made_by=cls)


class _Binder:
    """A factory without parameters."""

    def __init__(self, bind: Any) -> None:
        self._bind = bind
        self.__code__ = _no_parameters.__code__
        self.__defaults__ = None
        self.__kwdefaults__ = None

    def __call__(self) -> Any:
        return self._bind()


def _no_parameters() -> None:
    """Lend its empty signature to binders."""


def properties_definitions(container: Container) -> Iterator[BeanDefinition]:
    """Yield the definitions of beans that configuration binds."""
    return (each for each in container.definitions() if isinstance(each.factory, _Binder))


def _properties(wanted: Any) -> ConfigPropertiesRecord | None:
    return record_of(wanted, ConfigPropertiesRecord) if isinstance(wanted, type) else None


def _wanted(definition: BeanDefinition) -> list[type]:
    try:
        needs = (*definition.plan(), *definition.fields())
        return [each.wanted for each in needs if isinstance(each.wanted, type)]
    except UnresolvedAnnotationError:
        return []


def _unbindable(config: Config, container: Container) -> Iterator[WiringError]:
    for definition in properties_definitions(container):
        try:
            config.bind(definition.type)
        except ConfigurationError as error:
            yield _configuration_problem(error)


def _configuration_problem(error: ConfigurationError) -> Problem:
    return Problem(explain(error) or Diagnosis(f"{error}."), error)


def _bad_values(config: Config, container: Container) -> Iterator[WiringError]:
    for definition in container.definitions():
        for link in definition.links or ():
            if link.dependency.expression is not None:
                try:
                    evaluate(config, link.dependency.expression, link.dependency.wanted)
                except ValueError as error:
                    yield _value_problem(definition, link.dependency, error)


def _value_problem(definition: BeanDefinition, dependency: Dependency, error: ValueError) -> Problem:
    inner = explain(error)
    return Problem(
        Diagnosis(
            f"{definition.name} cannot be given the value {dependency.expression!r} for {definition.point(dependency)}.",
            (inner.what, *inner.why) if inner else (f"{error}.",),
            inner.fix
            if inner
            else ("Correct the value, or give the placeholder a default: ${key:default}.",),
        ),
        error,
    )


def _bad_listeners(container: Container) -> Iterator[WiringError]:
    for definition in container.definitions():
        for name, _ in recorded_members(definition.type, EventListenerRecord):
            try:
                wanted = listened_type(definition.type, name)
                if definition.scope is Scope.REQUEST and any(
                    issubclass(each, wanted) for each in _OWN_EVENTS
                ):
                    yield _unreachable_listener(definition, name)
            except (LookupError, UnresolvedAnnotationError) as error:
                yield Problem(
                    Diagnosis(
                        f"Listener {definition.type.__qualname__}.{name} ({definition.origin}) does not say "
                        "which events it wants.",
                        (str(error),),
                        (
                            "Annotate its one parameter with a class: `def on_ready(self, event: ApplicationReadyEvent)`.",
                        ),
                    )
                )


def _unreachable_listener(definition: BeanDefinition, name: str) -> Problem:
    return Problem(
        Diagnosis(
            f"Listener {definition.type.__qualname__}.{name} ({definition.origin}) can never be called.",
            (
                "It belongs to a request-scoped bean, and the context publishes its events outside any request.",
            ),
            ("Move the method to a singleton, or listen to an event of your own, published in a request.",),
        )
    )


def _never_started(container: Container) -> Iterator[WiringError]:
    """Lazy beans with a lifecycle that nothing makes at the start: too late, nobody starts or stops them."""
    singletons = [each for each in container.definitions() if each.is_singleton]
    at_start = [each for each in singletons if each.created or not each.record.lazy]
    reached = set(at_start)
    while at_start:
        found = set(at_start.pop().needs) - reached
        reached |= found
        at_start.extend(found)
    for definition in singletons:
        if definition not in reached and not definition.auto and asks_for_lifecycle(definition.type):
            yield Problem(
                Diagnosis(
                    f"Bean '{definition.name}' ({definition.type.__qualname__}, {definition.origin}) would "
                    "never be started or stopped.",
                    ("It has start() and stop(), which the context calls as it starts, but it is lazy.",),
                    (f"Remove `lazy` from {definition.name}, or start it in your own code, by other names.",),
                )
            )


def listened_type(cls: type, name: str) -> type:
    """Return the class of events that listener method *name* of *cls* wants, from its parameter.

    Raises:
        LookupError: The method has no parameter annotated with a class.
    """
    function = getattr(cls, name)
    while hasattr(function, "__wrapped__"):  # an advised method has the signature of its wrapper
        function = function.__wrapped__
    parameters = function.__code__.co_varnames[1 : function.__code__.co_argcount]
    hint = hints_of(function).get(parameters[0]) if parameters else None
    if isinstance(hint, type):
        return hint
    raise LookupError("it needs one parameter, annotated with a class")


def _found_by_modules(run: Run) -> Iterator[WiringError]:
    for definition in run.container.definitions():
        said = record_of(definition.type, AutoConfigurationRecord) if definition.factory is None else None
        for check_type in said.checks if said is not None else ():
            yield from check_type().problems(run.container)


def _unknown_keys(run: Run) -> list[WiringError]:
    if not run.config.loaded_sources:
        return []
    classes = [each.type for each in properties_definitions(run.container)]
    if run.config.says_nothing("pyfly", *filter(None, map(prefix_of, classes))):
        return []
    from pyfly.core.config.key_check import check_keys  # only when something is set that may be wrong

    try:
        report = check_keys(run.config, classes)
    except ConfigurationError as error:
        return [_configuration_problem(error)]
    if report.messages:
        import logging

        for message in report.messages:
            logging.getLogger(_LOGGER).warning("%s", message)
    return []
