"""The filters that ``@use_filters`` names, compiled around the routes that they are for."""

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from pyfly.container.container import Container
from pyfly.container.definition import origin_of
from pyfly.container.exceptions import Problem
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.ports.filter import WebFilter
from pyfly.web.ports.routes import Endpoint
from pyfly.web.responses import Receive, Reply, Scope
from pyfly.web.routing.advice import Guard
from pyfly.web.routing.chain import ChainObjects, filtered

_PATH: Final = "pyfly.path_variables"


def named_by(plan: RoutePlan) -> tuple[type, ...]:
    """Return the classes of the filters that are for the route of *plan* only."""
    module = sys.modules.get("pyfly.web.use_filters")  # no module, no filters
    found: tuple[type, ...] = module.filters_named(plan.controller, plan.name) if module else ()
    return found


def problems_of(plans: Iterable[RoutePlan], container: Container) -> Iterator[Problem]:
    """Return one problem per filter that a route names and that is no bean, or no filter."""
    for plan in plans:
        for cls in named_by(plan):
            definitions = container.definitions_of(cls)
            if definitions and all(issubclass(each.type, WebFilter) for each in definitions):
                continue
            place = f"{plan.controller.__name__}.{plan.name} ({origin_of(plan.handler)})"
            if definitions:
                why, fix = f"{cls.__name__} lacks methods of WebFilter", "Inherit OncePerRequestFilter."
            else:
                why = f"there is no bean of the class {cls.__name__} ({origin_of(cls)})"
                fix = f"Put @component on {cls.__name__}, and let its package be scanned."
            yield Problem(Diagnosis(f"{place} uses a filter that cannot run: {why}.", (), (fix,)))


def beans_named(plans: Iterable[RoutePlan], container: Container) -> list[Any]:
    """Return the filters that some route names: they are for those routes and for nothing else."""
    return [
        container.resolve(cls) for cls in dict.fromkeys(each for plan in plans for each in named_by(plan))
    ]


def with_filters(
    endpoint: Endpoint,
    plan: RoutePlan,
    container: Container,
    guard: Guard,
    objects: Callable[[], ChainObjects],
) -> Endpoint:
    """Return *endpoint* of the route of *plan* inside its filters, which see failures as the responses they become."""
    filters = beans_named((plan,), container)
    if not filters:
        return endpoint

    async def innermost(scope: Scope, receive: Receive) -> Reply:
        return await endpoint(scope, receive, scope[_PATH])

    respond = filtered(guard.everything(innermost), filters, guard.translator, objects())

    async def outermost(scope: Scope, receive: Receive, path: tuple[str, ...]) -> Reply:
        scope[_PATH] = path
        return await respond(scope, receive)

    return outermost
