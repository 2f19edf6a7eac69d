"""Reads the controllers' definitions: route plans for what is right, problems for what is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import Problem
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.web.binding.binders import template_names
from pyfly.web.binding.parameters import Source, UnboundParameterError, read_parameters
from pyfly.web.binding.plan import RoutePlan, adapters_of, return_of
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


def describe(container: Container) -> Description:
    """Return the routes of all ``@rest_controller`` beans, without creating any of them."""

    def is_bean(cls: type) -> bool:
        return bool(container.definitions_of(cls))

    routes: list[DescribedRoute] = []
    problems: list[Problem] = []
    for definition in container.definitions():
        if definition.stereotype == CONTROLLER:
            for found in _routes_of(definition, is_bean):
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
        except TemplateError as error:
            yield _problem(
                cls, name, str(error), "Write templates like /orders/{order_id} or /orders/{order_id:int}."
            )
        except UnboundParameterError as error:
            yield _problem(
                cls,
                name,
                str(error),
                f"Mark '{error.name}' with PathVar, QueryParam, Header, Cookie or Body, or register a bean of its type.",
                error,
            )
        except Exception as error:  # noqa: BLE001  # reading annotations and building schemas can raise anything
            yield _problem(
                cls, name, f"its signature cannot be used: {error}", "Correct the annotations.", error
            )


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
    parse_template(path)
    names = template_names(path)
    parameters = read_parameters(handler, said.method, names, is_bean)
    for item in parameters:
        if item.source is Source.PATH and item.wire not in names:
            raise TemplateError(f"'{item.wire}' is not a variable of the path '{path}'")
    bodies = [item.name for item in parameters if item.source is Source.BODY]
    if len(bodies) > 1:
        raise TemplateError(f"there is one body, but {' and '.join(bodies)} both ask for it")
    returns, entity, result = return_of(handler)
    return RoutePlan(
        said.method, path, said.status_code, cls, name, handler, parameters,
        returns, entity, adapters_of(parameters), result,
    )  # fmt: skip


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
    return f"{cls.__name__}.{name} ({plan.origin})"


def _problem(cls: type, name: str, why: str, fix: str, error: Exception | None = None) -> Problem:
    code = getattr(getattr(cls, name, None), "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    return Problem(Diagnosis(f"{cls.__name__}.{name}{where} cannot be a route: {why}.", (), (fix,)), error)
