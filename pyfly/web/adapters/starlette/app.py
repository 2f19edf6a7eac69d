"""``create_app``: an application of a context's controllers, put together by hand."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from pyfly.container.container import Container
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.mounting import fallback_to
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.application import Lifespan, WebApplication
from pyfly.web.assembly import Assembly, Options, assemble
from pyfly.web.properties import WebProperties


def create_app(
    *,
    title: str = "PyFly",
    version: str = "0.1.0",
    description: str = "",
    context: ApplicationContext | None = None,
    docs_enabled: bool | None = None,
    extra_routes: Sequence[BaseRoute] | None = None,
    lifespan: Lifespan | None = None,
) -> WebApplication:
    """Return an ASGI application of the controllers in *context*.

    The context may be started before or inside *lifespan*; routes are compiled when it is ready.

    Args:
        title: The title of the OpenAPI document.
        version: Its version.
        description: Its description.
        context: Where the controllers, filters and settings come from; without one there are none.
        docs_enabled: Serve ``/openapi.json``, ``/docs`` and ``/redoc``; by default as ``pyfly.web.docs.enabled``
            says, or always without a context.
        extra_routes: Starlette routes that answer what no controller does.
        lifespan: An async context manager entered with the application at start-up.
    """

    def put_together(app: WebApplication) -> Assembly:
        properties = context.config.bind(WebProperties) if context is not None else WebProperties()
        profiles = context.config.active_profiles if context is not None else ()
        options = Options(
            technology=STARLETTE,
            title=title,
            version=version,
            description=description,
            docs_enabled=properties.docs.are_served(profiles) if docs_enabled is None else docs_enabled,
            fallbacks=[fallback_to(extra_routes, app)] if extra_routes else (),
        )
        return assemble(context.container if context is not None else Container(), properties, options)

    return WebApplication(put_together, lifespan=lifespan)
