"""``create_app``: an application of a context's controllers, put together by hand."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from starlette.routing import BaseRoute

from pyfly.container.container import Container
from pyfly.context.application_context import ApplicationContext
from pyfly.core.config.config import Config
from pyfly.kernel.record import copy_with
from pyfly.web.adapters.starlette.asgi_middleware import AsgiMiddleware, Onion
from pyfly.web.adapters.starlette.mounting import fallback_to
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.application import Lifespan, WebApplication
from pyfly.web.assembly import Assembly, Options, assemble
from pyfly.web.cors.properties import CORSConfig
from pyfly.web.ports.routes import RawRoute
from pyfly.web.properties import WebProperties
from pyfly.web.security_headers.properties import SecurityHeadersConfig


def create_app(
    *,
    title: str = "PyFly",
    version: str = "0.1.0",
    description: str = "",
    debug: bool | None = None,
    context: ApplicationContext | None = None,
    docs_enabled: bool | None = None,
    extra_routes: Sequence[BaseRoute] | None = None,
    actuator_enabled: bool | None = None,
    cors: CORSConfig | None = None,
    lifespan: Lifespan | None = None,
    security_headers: SecurityHeadersConfig | None = None,
    middleware: Sequence[AsgiMiddleware] = (),
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

    identity = {"title": title, "version": version, "description": description}
    given = {name: value for name, value in settings.items() if value is not None}
    assembling = _Assembling(
        context, docs_enabled, extra_routes, actuator_enabled, identity, given, tuple(middleware)
    )
    return WebApplication(assembling.run, lifespan=lifespan)


class _Assembling(NamedTuple):
    """What ``create_app`` was told, kept until the beans are ready."""

    context: ApplicationContext | None
    docs_enabled: bool | None
    extra_routes: Sequence[BaseRoute] | None
    actuator_enabled: bool | None
    identity: dict[str, str]
    given: dict[str, Any]
    middleware: tuple[AsgiMiddleware, ...] = ()

    def run(self, app: WebApplication) -> Assembly:
        """Put the application together."""
        config = self.context.config if self.context is not None else Config()
        container = self.context.container if self.context is not None else Container()
        properties = config.bind(WebProperties)
        served = self.docs_enabled
        if served is None:
            served = properties.docs.are_served(config.active_profiles)
        onion = Onion(self.middleware) if self.middleware else None
        options = Options(
            technology=STARLETTE,
            docs_enabled=served,
            config=config,
            given=self.given if onion is None else {**self.given, "middleware": onion},
            fallbacks=[fallback_to(self.extra_routes, app)] if self.extra_routes else (),
            routes=list(_actuator_routes(container, config)) if self.actuator_enabled else (),
            left_out=_actuator_classes() if self.actuator_enabled is not None else (),
            **self.identity,
        )
        assembly = assemble(container, properties, options)
        if onion is None:
            return assembly
        return copy_with(assembly, websockets=onion.around_sockets(assembly.websockets))


def _actuator_routes(container: Container, config: Config) -> Iterable[RawRoute]:
    from pyfly.actuator import ActuatorProperties, ApplicationActuator, HealthAggregator

    properties = config.bind(ActuatorProperties)
    if container.definitions_of(HealthAggregator):
        aggregator = container.resolve(HealthAggregator)
    else:
        aggregator = HealthAggregator(properties.health.timeout)
    return ApplicationActuator(container, config, properties, aggregator).routes()


def _actuator_classes() -> tuple[type[Any], ...]:
    from pyfly.actuator import ApplicationActuator

    return (ApplicationActuator,)
