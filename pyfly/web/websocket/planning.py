"""Reads the websocket methods of controllers: plans for what is right, problems for what is not."""

import inspect
import sys
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Final

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import Problem
from pyfly.container.metadata import recorded_members
from pyfly.container.types import MISSING
from pyfly.kernel.record import copy_with
from pyfly.web.binding.parameters import Known, Parameter, Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import element
from pyfly.web.mappings import Mapping
from pyfly.web.ports.arguments import Argument, ArgumentResolver, Bind
from pyfly.web.responses import Scope
from pyfly.web.routing.description import CONTROLLERS, DescribedRoute, Description, problem_of, resolvers_of
from pyfly.web.routing.planning import RouteError, plan_of
from pyfly.web.routing.route_filters import named_by
from pyfly.web.routing.templates import shape_of
from pyfly.web.websocket.mapping import WebSocketRecord
from pyfly.web.websocket.session import WebSocketSession

SESSION: Final = "pyfly.websocket"
"""Where the scope of a websocket keeps its session."""
_REQUEST_ONLY: Final = frozenset({Source.BODY, Source.FORM, Source.FILE, Source.REQUEST, Source.TASKS})


class SessionArgument(ArgumentResolver):
    """Gives handlers the session of their connection, or Starlette's ``WebSocket`` if they ask for that."""

    types: ClassVar[tuple[type, ...]] = (WebSocketSession,)

    def binder(self, argument: Argument, /) -> Bind:
        """Return what finds the session in the scope."""
        kind = element(argument.annotation)

        def session_of(scope: Scope) -> Any:
            return scope[SESSION]

        def foreign_of(scope: Scope) -> Any:
            session: WebSocketSession = scope[SESSION]
            return kind(scope, session.raw_receive, session.raw_send)

        return session_of if issubclass(kind, WebSocketSession) else foreign_of


def describe_websockets(container: Container) -> Description:
    """Return the websocket routes of all controllers, without creating any of them."""
    resolvers = {**resolvers_of(container), WebSocketSession: SessionArgument}
    starlette = sys.modules.get("starlette.websockets")  # whoever takes its class has imported it
    if starlette is not None:
        resolvers[starlette.WebSocket] = SessionArgument
    known = Known(lambda cls: bool(container.definitions_of(cls)), resolvers)
    found = [
        item
        for definition in container.definitions()
        if definition.stereotype in CONTROLLERS
        for item in _routes_of(definition, known)
    ]
    routes = [item for item in found if isinstance(item, DescribedRoute)]
    problems = [item for item in found if isinstance(item, Problem)]
    return Description(tuple(routes), (*problems, *_duplicates(routes)))


def _routes_of(definition: BeanDefinition, known: Known) -> Iterator[DescribedRoute | Problem]:
    cls = definition.type
    mapped: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        mapped.update((name, said.path) for name, said in recorded_members(base, WebSocketRecord))
    for name, path in mapped.items():
        try:
            plan = plan_of(cls, name, Mapping("GET", path), known)
            _check(plan.parameters, plan.handler)
            _check_filters(plan)
        except RouteError as error:
            yield problem_of(cls, name, error, error.fix)
        except Exception as error:  # noqa: BLE001  # evaluating annotations can raise anything
            yield problem_of(cls, name, error, "Correct its annotations.")
        else:
            # What it returns is nobody's business.
            yield DescribedRoute(copy_with(plan, returns=MISSING, result=None, stream=None), definition)


def _check(parameters: Iterable[Parameter], handler: Any) -> None:
    wrong = next((item for item in parameters if item.source in _REQUEST_ONLY), None)
    if wrong is not None:
        raise RouteError(
            f"'{wrong.name}' is something that only requests have",
            "Take a WebSocketSession, and path, query, headers, cookies and beans.",
        )
    if not inspect.iscoroutinefunction(inspect.unwrap(handler)):
        raise RouteError("it is not async", "Write it as `async def`.")
    if not any(item.resolver is SessionArgument for item in parameters):
        raise RouteError("it takes no session", "Add a parameter of type WebSocketSession.")


def _check_filters(plan: RoutePlan) -> None:
    filters = named_by(plan)
    if filters:
        raise RouteError(
            f"{filters[0].__name__}, which @use_filters names, is a filter of requests and would not run",
            "Put websockets into a controller without filters, and check callers by a parameter of the handler.",
        )


def _duplicates(routes: list[DescribedRoute]) -> Iterator[Problem]:
    seen: dict[str, DescribedRoute] = {}
    for route in routes:
        first = seen.setdefault(shape_of(route.plan.path), route)
        if first is not route:
            other = RouteError(f"{first.plan.controller.__name__}.{first.plan.name} has the same path", "")
            yield problem_of(route.plan.controller, route.plan.name, other, "Change the path of one of them.")
