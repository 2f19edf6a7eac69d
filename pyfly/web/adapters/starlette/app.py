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
    docs_enabled: bool = True,
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
        docs_enabled: Serve ``/openapi.json``, ``/docs`` and ``/redoc``.
        extra_routes: Starlette routes that answer what no controller does.
        lifespan: An async context manager entered with the application at start-up.
    """

    def put_together(app: WebApplication) -> Assembly:
        options = Options(
            technology=STARLETTE,
            title=title,
            version=version,
            description=description,
            docs_enabled=docs_enabled,
            fallbacks=[fallback_to(extra_routes, app)] if extra_routes else (),
        )
        if context is None:
            return assemble(Container(), WebProperties(), options)
        return assemble(context.container, context.config.bind(WebProperties), options)

    return WebApplication(put_together, lifespan=lifespan)
