"""``create_app``: an application of a context's controllers, put together by hand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyfly.context.application_context import ApplicationContext
from pyfly.web.application import Lifespan, WebApplication
from pyfly.web.cors.properties import CORSConfig
from pyfly.web.security_headers.properties import SecurityHeadersConfig

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from pyfly.web.adapters.starlette.asgi_middleware import AsgiMiddleware


def create_app(
    *,
    title: str = "PyFly",
    version: str = "0.1.0",
    description: str = "",
    debug: bool | None = None,
    context: ApplicationContext | None = None,
    docs_enabled: bool | None = None,
    extra_routes: Sequence["BaseRoute"] | None = None,
    actuator_enabled: bool | None = None,
    cors: CORSConfig | None = None,
    lifespan: Lifespan | None = None,
    security_headers: SecurityHeadersConfig | None = None,
    middleware: Sequence["AsgiMiddleware"] = (),
) -> WebApplication:
    """Return an ASGI application of the controllers in *context*.

    The context may be started before or inside *lifespan*; routes are compiled when it is ready. What is not
    given is as the settings of the context say.

    Args:
        title: The title of the OpenAPI document.
        version: Its version.
        description: Its description.
        debug: Show exceptions to clients; refused while the profile ``production`` is active.
        context: Where the controllers, filters and settings come from; without one there are none.
        docs_enabled: Serve ``/openapi.json``, ``/docs`` and ``/redoc``.
        extra_routes: Starlette routes that answer what no controller does.
        actuator_enabled: Serve the actuator.
        cors: What pages of other origins may do.
        lifespan: An async context manager entered with the application at start-up.
        security_headers: The security headers of every response.
        middleware: ASGI middleware, the first one outermost: ``Middleware(...)`` of Starlette, or what makes an
            application around another. It sees requests and websockets; failures, it sees as responses.

    Raises:
        UnusableCorsError: *cors* allows credentials to every origin.
    """
    settings = {"cors": cors, "security_headers": security_headers, "debug": debug}
    if cors is not None:
        from pyfly.web.cors.policy import Cors  # for its checks: a mistake is to show here and not later

        Cors(cors)

    # Only for those who make an application: with it comes all that routes need.
    from pyfly.web.adapters.starlette.assembling import Assembling

    identity = {"title": title, "version": version, "description": description}
    given = {name: value for name, value in settings.items() if value is not None}
    assembling = Assembling(
        context, docs_enabled, extra_routes, actuator_enabled, identity, given, tuple(middleware)
    )
    return WebApplication(assembling.run, lifespan=lifespan)
