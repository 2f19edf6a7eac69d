"""Starlette routes beside those of the controllers."""

from collections.abc import Sequence
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from pyfly.web.adapters.starlette.objects import CompleteResponse
from pyfly.web.ports.routes import RawRoute
from pyfly.web.responses import AsgiCallable, Scope
from pyfly.web.routing.matching import Fallback


def fallback_to(routes: Sequence[BaseRoute], app: Any) -> Fallback:
    """Return the function that finds which of *routes* answers a request; ``request.app`` is *app* there."""

    def find(scope: Scope) -> AsgiCallable | None:
        partial: tuple[BaseRoute, Any] | None = None
        for route in routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                scope.update(child, app=app)
                return route.handle
            if match is Match.PARTIAL and partial is None:
                partial = route, child
        if partial is None:
            return None
        scope.update(partial[1], app=app)
        return partial[0].handle

    return find


def starlette_route(raw: RawRoute) -> Route:
    """Return *raw* as a Starlette route, for applications that are not ours. It has no path variables."""

    async def endpoint(request: Request) -> Response:
        reply = await raw.endpoint(request.scope, request.receive, ())
        return CompleteResponse(*reply) if isinstance(reply, tuple) else cast("Response", reply)

    return Route(raw.path, endpoint, methods=[raw.method])
