"""Reads the controllers' definitions: route plans for what is right, problems for what is not."""

import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from weakref import WeakKeyDictionary

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem
from pyfly.container.metadata import recorded_members
from pyfly.core.config.config import Config
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.record import Record
from pyfly.web.binding.parameters import Known
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.exception_handler import ADVICE, ExceptionHandlerRecord
from pyfly.web.mappings import Mapping, RouteRecord
from pyfly.web.ports.arguments import ArgumentResolver
from pyfly.web.ports.routes import RawRoute
from pyfly.web.properties import Naming
from pyfly.web.routing.advice_parameters import UnknownParameterError, read_advice
from pyfly.web.routing.planning import RouteError, plan_of
from pyfly.web.routing.route_filters import problems_of
from pyfly.web.routing.templates import join, shape_of
from pyfly.web.type_adapters import UnusableTypeError

CONTROLLERS = {"rest_controller": False, "controller": True}
"""The stereotypes of classes with routes, and whether what their methods return are views."""


class DescribedRoute(Record):
    """A route plan and the controller bean that it belongs to."""

    plan: RoutePlan
    definition: BeanDefinition


class Description(Record):
    """All routes of the controllers of a container, and everything that is wrong with them."""

    routes: tuple[DescribedRoute, ...]
    problems: tuple[Problem, ...]


_known: WeakKeyDictionary[Container, tuple[tuple[BeanDefinition, ...], Description]] = WeakKeyDictionary()


def describe(container: Container) -> Description:
    """Return the routes of all controllers, without creating any of them.

    The start-up check and the application ask for the same description; it is made once.
    """
    definitions = container.definitions()
    known = _known.get(container)
    if known is None or known[0] != definitions:
        known = _known[container] = definitions, _describe(container, definitions)
    return known[1]


def _describe(container: Container, definitions: tuple[BeanDefinition, ...]) -> Description:
    routes: list[DescribedRoute] = []
    problems: list[Problem] = []
    known = Known(
        lambda cls: bool(container.definitions_of(cls)), resolvers_of(container), camel=_is_camel(container)
    )
    for definition in definitions:
        if definition.stereotype in CONTROLLERS:
            for found in _routes_of(definition, known):
                if isinstance(found, Problem):
                    problems.append(found)
                else:
                    routes.append(found)
        if definition.stereotype in CONTROLLERS or definition.stereotype == ADVICE:
            problems += _advice_problems(definition, known)
    problems += problems_of((route.plan for route in routes), container)
    return Description(tuple(routes), (*problems, *_duplicates(routes)))


def _is_camel(container: Container) -> bool:
    # Routes are described before settings are checked, so that both report what is wrong with them.
    config = container.resolve(Config) if container.definitions_of(Config) else Config()
    return str(config.get("pyfly.web.json.naming", "")).lower() == Naming.CAMEL


def resolvers_of(container: Container) -> dict[type, type]:
    """Return the classes of the ``ArgumentResolver`` beans by the types that they take care of."""
    # The first by @order wins.
    found: dict[type, type] = {}
    for definition in container.definitions_of(ArgumentResolver):
        for taken in getattr(definition.type, "types", ()):
            found.setdefault(taken, definition.type)
    return found


def _routes_of(definition: BeanDefinition, known: Known) -> Iterator[DescribedRoute | Problem]:
    cls, views = definition.type, CONTROLLERS[definition.stereotype]
    for name, said in _mappings_of(cls):
        try:
            yield DescribedRoute(plan_of(cls, name, said, known, views=views), definition)
        except RouteError as error:
            yield problem_of(cls, name, error, error.fix)
        except UnusableTypeError as error:
            usable = "Use types that pydantic knows: models, dataclasses, what the standard library offers."
            yield problem_of(cls, name, error, usable)
        except Exception as error:  # noqa: BLE001  # evaluating annotations can raise anything
            yield problem_of(cls, name, error, "Correct its annotations.")


def _advice_problems(definition: BeanDefinition, known: Known) -> Iterator[Problem]:
    cls = definition.type
    for name, said in recorded_members(cls, ExceptionHandlerRecord):
        if said.handles is None:
            continue
        try:
            read_advice(inspect.unwrap(getattr(cls, name)), known.is_bean)
        except Exception as error:  # noqa: BLE001  # evaluating annotations can raise anything
            place = f"{cls.__name__}.{name} ({origin_of(getattr(cls, name))})"
            what = f"{place} cannot answer exceptions: {error}."
            yield Problem(Diagnosis(what, (), (UnknownParameterError.fix,)), error)


def _mappings_of(cls: type) -> Iterator[tuple[str, Mapping]]:
    inherited: dict[str, Mapping] = {}
    for base in reversed(cls.__mro__):
        inherited.update(
            (name, said.mapping) for name, said in recorded_members(base, RouteRecord) if said.mapping
        )
    yield from inherited.items()


def _duplicates(routes: list[DescribedRoute]) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], RoutePlan] = {}
    for route in routes:
        plan = route.plan
        # Routes of one method and path may differ in what they take and what they answer with.
        key = (plan.method, shape_of(plan.path), plan.produces, plan.consumes, _versions_of(plan))
        first = seen.setdefault(key, plan)
        if first is not plan:
            yield Problem(
                Diagnosis(
                    f"{plan.method} {plan.path} is mapped twice.",
                    (_place(first.controller, first.name, first), _place(plan.controller, plan.name, plan)),
                    ("Change the path or the method of one of them.",),
                )
            )


def apart_from(
    mapped: dict[tuple[str, str], list[DescribedRoute]], ready_made: Sequence[RawRoute]
) -> Sequence[RawRoute]:
    """Return *ready_made*, none of which is in the place of a mapping, or of another one.

    Args:
        mapped: The mappings by method and shape of their path.
        ready_made: What route sources contribute: the pages of the document, the actuator and others.

    Raises:
        Problem: Some are.
    """
    found = [*_collisions(mapped, ready_made)]
    if found:
        # What stops the making of a bean is reported as one failure, so this one tells of all.
        what = " ".join(each.what for each in found)
        why = tuple(owner for each in found for owner in each.why)
        raise Problem(Diagnosis(what, why, tuple(dict.fromkeys(fix for each in found for fix in each.fix))))
    return ready_made


def _collisions(
    mapped: dict[tuple[str, str], list[DescribedRoute]], ready_made: Iterable[RawRoute]
) -> Iterator[Diagnosis]:
    seen: dict[tuple[str, str], str] = {}
    for key, routes in mapped.items():
        plan = routes[0].plan
        seen[key] = _place(plan.controller, plan.name, plan)
    for raw in ready_made:
        own = (
            f"{raw.endpoint.__module__}.{getattr(raw.endpoint, '__qualname__', type(raw.endpoint).__name__)}"
        )
        first = seen.setdefault((raw.method, shape_of(join("", raw.path))), own)
        if first is not own:
            yield Diagnosis(
                f"{raw.method} {raw.path} is mapped twice.",
                (first, own),
                ("Change the path of one of them.", *_settings_for(first, own)),
            )


_SETTINGS: Final = {
    "pyfly.web.openapi.": "Set pyfly.web.docs.enabled: false to do without /docs, /redoc and /openapi.json.",
    "pyfly.actuator.": "Set pyfly.actuator.base-path to have the actuator elsewhere.",
}


def _settings_for(*owners: str) -> Iterator[str]:
    for module, remedy in _SETTINGS.items():
        if any(owner.startswith(module) for owner in owners):
            yield remedy


def _versions_of(plan: RoutePlan) -> object:
    module = sys.modules.get("pyfly.web.versions")  # no module, no versions
    return module.versions_of(plan.controller, plan.name) if module else ()


def _place(cls: type, name: str, plan: RoutePlan) -> str:
    return f"{cls.__name__}.{name} ({origin_of(plan.handler)})"


def problem_of(cls: type, name: str, error: Exception, fix: str) -> Problem:
    """Return why the method *name* of *cls* cannot be a route."""
    what = f"{cls.__name__}.{name} ({origin_of(getattr(cls, name, cls))}) cannot be a route: {error}."
    return Problem(Diagnosis(what, (), (fix,)), error)
