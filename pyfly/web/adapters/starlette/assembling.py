"""What ``create_app`` was told, and how an application is made of it when the beans are ready."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyfly.container.container import Container
from pyfly.context.application_context import ApplicationContext
from pyfly.core.config.config import Config
from pyfly.kernel.record import copy_with
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.application import WebApplication
from pyfly.web.assembly import Assembly, Options, assemble
from pyfly.web.ports.routes import RawRoute
from pyfly.web.properties import WebProperties
from pyfly.web.routing.matching import Fallback

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from pyfly.web.adapters.starlette.asgi_middleware import AsgiMiddleware, Onion


class Assembling(NamedTuple):
    """What ``create_app`` was told, kept until the beans are ready."""

    context: ApplicationContext | None
    docs_enabled: bool | None
    extra_routes: Sequence["BaseRoute"] | None
    actuator_enabled: bool | None
    identity: dict[str, str]
    given: dict[str, Any]
    middleware: tuple["AsgiMiddleware", ...] = ()

    def run(self, app: WebApplication) -> Assembly:
        """Put the application together."""
        config = self.context.config if self.context is not None else Config()
        container = self.context.container if self.context is not None else Container()
        properties = config.bind(WebProperties)
        served = self.docs_enabled
        if served is None:
            served = properties.docs.are_served(config.active_profiles)
        onion = self._onion()
        options = Options(
            technology=STARLETTE,
            docs_enabled=served,
            config=config,
            given=self.given if onion is None else {**self.given, "middleware": onion},
            fallbacks=self._fallbacks(app),
            routes=list(_actuator_routes(container, config)) if self.actuator_enabled else (),
            left_out=_actuator_classes() if self.actuator_enabled is not None else (),
            **self.identity,
        )
        assembly = assemble(container, properties, options)
        if onion is None:
            return assembly
        return copy_with(assembly, websockets=onion.around_sockets(assembly.websockets))

    def _onion(self) -> "Onion | None":
        if not self.middleware:
            return None
        # Only for applications with middleware.
        from pyfly.web.adapters.starlette.asgi_middleware import Onion

        return Onion(self.middleware)

    def _fallbacks(self, app: WebApplication) -> Sequence[Fallback]:
        if not self.extra_routes:
            return ()
        from pyfly.web.adapters.starlette.mounting import fallback_to  # imports Starlette's router

        return (fallback_to(self.extra_routes, app),)


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
