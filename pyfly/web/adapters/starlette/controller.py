"""``ControllerRegistrar``: the compiled routes of controllers as routes of Starlette, for applications of its own."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pyfly.container.exceptions import BeanGraphError
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.compiled import Compiled, compiled_routes
from pyfly.web.adapters.starlette.objects import CompleteResponse
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.assembly import Options
from pyfly.web.binding.binders import template_names
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.shapes import strip
from pyfly.web.metadata import RouteMetadata, metadata_of
from pyfly.web.openapi.parameters import with_default
from pyfly.web.properties import WebProperties
from pyfly.web.routing.description import DescribedRoute, describe

__all__ = ["ControllerRegistrar", "RouteMetadata"]

_PLACES: Final = frozenset({Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE})
_TYPES: Final = {int: "integer", float: "number", bool: "boolean"}


class ControllerRegistrar:
    """Collects the routes of the ``@rest_controller`` beans of a context."""

    def collect_routes(self, ctx: ApplicationContext) -> list[Route]:
        """Return a route of Starlette for each mapping; failures are left to the application they join.

        Raises:
            BeanGraphError: A mapping cannot be a route.
        """
        properties = ctx.config.bind(WebProperties)
        options = Options(technology=STARLETTE, config=ctx.config)
        return [_route(item) for item in compiled_routes(_described(ctx), ctx.container, properties, options)]

    def collect_route_metadata(self, ctx: ApplicationContext) -> list[RouteMetadata]:
        """Return what is known about each route, without making any bean.

        Raises:
            BeanGraphError: A mapping cannot be a route.
        """
        found = [metadata_of(item.plan) for item in _described(ctx)]
        for item in found:
            parameters = item.plan.parameters if item.plan else ()
            item.parameters = [_parameter(each) for each in parameters if each.source in _PLACES]
        return found


def _described(ctx: ApplicationContext) -> list[DescribedRoute]:
    description = describe(ctx.container)
    if description.problems:
        raise BeanGraphError(description.problems)
    return [item for item in description.routes if item.plan.view is None]


def _route(item: Compiled) -> Route:
    plan = item.route.plan
    names = template_names(plan.path)

    async def endpoint(request: Request) -> Response:
        path = tuple(str(request.path_params[name]) for name in names)
        reply: Any = await item.endpoint(request.scope, request.receive, path)
        return CompleteResponse(*reply) if isinstance(reply, tuple) else reply

    return Route(plan.path, endpoint, methods=[plan.method], name=plan.name)


def _parameter(item: Parameter) -> dict[str, Any]:
    place = item.source.value
    schema: dict[str, Any] = {"type": _py_type_to_openapi(strip(item.type))}
    if place == "query":
        schema = with_default(item, schema)
    return {"name": item.wire, "in": place, "required": item.required, "schema": schema}


def _py_type_to_openapi(annotation: Any) -> str:
    """Return the JSON type of values of *annotation*, as far as four types can tell."""
    return _TYPES.get(annotation, "string")
