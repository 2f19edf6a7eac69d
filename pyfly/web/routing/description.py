"""Reads the controllers' definitions: route plans for what is right, problems for what is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.web.binding.binders import template_names
from pyfly.web.binding.parameters import Parameter, Source, UnboundParameterError, read_parameters
from pyfly.web.binding.plan import RoutePlan, UnusableTypeError, adapters_of, return_of
from pyfly.web.mappings import ControllerRecord, Mapping, RouteRecord
from pyfly.web.routing.templates import TemplateError, join, parse_template, shape_of

CONTROLLER = "rest_controller"


@dataclass(frozen=True, slots=True)
class DescribedRoute:
    """A route plan and the controller bean that it belongs to."""

    plan: RoutePlan
    definition: BeanDefinition


@dataclass(frozen=True, slots=True)
class Description:
    """All routes of the controllers of a container, and everything that is wrong with them."""

    routes: tuple[DescribedRoute, ...]
    problems: tuple[Problem, ...]


class RouteError(Exception):
    """A mapping that cannot be a route, and what to do about it."""

    def __init__(self, reason: str, fix: str) -> None:
        """Say why, and what to do."""
        super().__init__(reason)
        self.fix = fix


_known: WeakKeyDictionary[Container, tuple[tuple[BeanDefinition, ...], Description]] = WeakKeyDictionary()


def describe(container: Container) -> Description:
    """Return the routes of all ``@rest_controller`` beans, without creating any of them.

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
    for definition in definitions:
        if definition.stereotype == CONTROLLER:
            for found in _routes_of(definition, lambda cls: bool(container.definitions_of(cls))):
                if isinstance(found, Problem):
                    problems.append(found)
                else:
                    routes.append(found)
    return Description(tuple(routes), (*problems, *_duplicates(routes)))


def _routes_of(
    definition: BeanDefinition, is_bean: Callable[[type], bool]
) -> Iterator[DescribedRoute | Problem]:
    cls = definition.type
    for name, said in _mappings_of(cls):
        try:
            yield DescribedRoute(_plan(cls, name, said, is_bean), definition)
        except RouteError as error:
            yield _problem(cls, name, error, error.fix)
        except UnusableTypeError as error:
            known = "Use types that pydantic knows: models, dataclasses, what the standard library offers."
            yield _problem(cls, name, error, known)
        except Exception as error:  # noqa: BLE001  # evaluating annotations can raise anything
            yield _problem(cls, name, error, "Correct its annotations.")


def _mappings_of(cls: type) -> Iterator[tuple[str, Mapping]]:
    inherited: dict[str, Mapping] = {}
    for base in reversed(cls.__mro__):
        inherited.update(
            (name, said.mapping) for name, said in recorded_members(base, RouteRecord) if said.mapping
        )
    yield from inherited.items()


def _plan(cls: type, name: str, said: Mapping, is_bean: Callable[[type], bool]) -> RoutePlan:
    handler: Any = getattr(cls, name)
    path = join(_prefix_of(cls), said.path)
    names = _variables_of(path)
    parameters = _parameters_of(handler, said.method, names, is_bean)
    bodies = [item.name for item in parameters if item.source is Source.BODY]
    if len(bodies) > 1:
        both = " and ".join(bodies)
        raise RouteError(f"there is one body, but {both} both ask for it", "Put them into one model.")
    returns, entity, result = return_of(handler)
    return RoutePlan(
        said.method, path, said.status_code, cls, name, handler, parameters,
        returns, entity, adapters_of(parameters), result,
    )  # fmt: skip


def _variables_of(path: str) -> list[str]:
    try:
        parse_template(path)
    except TemplateError as error:
        fix = "Write templates like /orders/{order_id} or /orders/{order_id:int}."
        raise RouteError(str(error), fix) from error
    return template_names(path)


def _parameters_of(
    handler: Any, method: str, names: list[str], is_bean: Callable[[type], bool]
) -> tuple[Parameter, ...]:
    try:
        parameters = read_parameters(handler, method, names, is_bean)
    except UnboundParameterError as error:
        fix = f"Mark '{error.name}' with PathVar, QueryParam, Header, Cookie or Body, or register a bean of its type."
        raise RouteError(str(error), fix) from error
    for item in parameters:
        if item.source is Source.PATH and item.wire not in names:
            fix = f"Add {{{item.wire}}} to the path, or mark the parameter as a QueryParam."
            raise RouteError(f"'{item.wire}' is not a variable of the path", fix)
    return parameters


def _prefix_of(cls: type) -> str:
    found = next((said for base in cls.__mro__ if (said := record_of(base, ControllerRecord))), None)
    return found.path if found else ""


def _duplicates(routes: list[DescribedRoute]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], RoutePlan] = {}
    for route in routes:
        plan = route.plan
        first = seen.setdefault((plan.method, shape_of(plan.path)), plan)
        if first is not plan:
            yield Problem(
                Diagnosis(
                    f"{plan.method} {plan.path} is mapped twice.",
                    (_place(first.controller, first.name, first), _place(plan.controller, plan.name, plan)),
                    ("Change the path or the method of one of them.",),
                )
            )


def _place(cls: type, name: str, plan: RoutePlan) -> str:
    return f"{cls.__name__}.{name} ({origin_of(plan.handler)})"


def _problem(cls: type, name: str, error: Exception, fix: str) -> Problem:
    what = f"{cls.__name__}.{name} ({origin_of(getattr(cls, name, cls))}) cannot be a route: {error}."
    return Problem(Diagnosis(what, (), (fix,)), error)
