"""Puts an application together from the beans of a container: routes, filters, errors, documents."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Protocol

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import BeanGraphError
from pyfly.container.scopes import ActiveScope
from pyfly.container.types import Scope as BeanScope
from pyfly.core.config.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.record import Record, attribute
from pyfly.web.binding.compiler import Runtime, compile_route
from pyfly.web.binding.limits import UNLIMITED, Limits
from pyfly.web.binding.parameters import Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.errors.choice import renderer_of
from pyfly.web.errors.converters import JSONExceptionConverter, PydanticExceptionConverter
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.features import Features
from pyfly.web.metadata import RouteMetadata, metadata_of
from pyfly.web.negotiation.alternatives import Alternative, choosing
from pyfly.web.openapi.document import Document
from pyfly.web.openapi.routes import docs_routes
from pyfly.web.ports.errors import ExceptionConverter
from pyfly.web.ports.messages import HttpMessageConverter
from pyfly.web.ports.routes import Endpoint, RawRoute, RouteSource
from pyfly.web.ports.stages import Check, Stage
from pyfly.web.ports.templates import TemplateEngine
from pyfly.web.properties import WebProperties, in_production
from pyfly.web.responses import AsgiCallable, RequestFactory
from pyfly.web.routing.advice import Guard, advice_of, global_advice
from pyfly.web.routing.chain import ChainObjects
from pyfly.web.routing.description import DescribedRoute, apart_from, describe
from pyfly.web.routing.dispatch import dispatcher, refusals_of
from pyfly.web.routing.matching import Fallback, Routing
from pyfly.web.routing.pool import SyncPool
from pyfly.web.routing.refusing import Refusals
from pyfly.web.routing.request_id import RequestIds
from pyfly.web.routing.route_filters import with_filters
from pyfly.web.routing.router import Router
from pyfly.web.routing.templates import join, shape_of
from pyfly.web.stages.built_in import stages_of
from pyfly.web.stages.parts import Parts
from pyfly.web.stages.properties import LimitProperties
from pyfly.web.streams import OpenStreams

RequestScope = Callable[[], ActiveScope]


class Assembly(Record):
    """A finished application.

    Attributes:
        dispatch: Answers HTTP requests.
        metadata: The routes of the controllers.
        docs_enabled: Whether the document and its pages are served.
        pool: The threads of handlers that are not async.
        checks: What looks at every connection first; for those that *dispatch* does not see.
        streams: What is open until somebody ends it; a server that drains calls ``streams.end()``.
        background: Runs what handlers leave to be done, if any of them can.
        websockets: Serves websockets, if there is anything that takes them.
        refusals: Words what a server answers by itself.
    """

    dispatch: AsgiCallable
    metadata: tuple[RouteMetadata, ...]
    docs_enabled: bool
    pool: SyncPool
    checks: tuple[Check, ...] = ()
    streams: OpenStreams = attribute(default_factory=OpenStreams)
    background: Any = None
    websockets: AsgiCallable | None = None
    refusals: Refusals | None = None

    async def finish(self) -> None:
        """Wait for what handlers have left to be done after their responses."""
        if self.background is not None:
            await self.background.finish()

    def close(self) -> None:
        """Release the threads of handlers that are not async."""
        self.pool.close()


class Technology(Protocol):
    """The request and response classes that an application uses where somebody asks for them."""

    def requests(self) -> RequestFactory:
        """Return the function that makes the request object for a handler."""

    def chain_objects(self, max_body_size: int) -> ChainObjects:
        """Return how to make what filters see."""

    def converters(self) -> Sequence[ExceptionConverter]:
        """Return what understands the exceptions of the technology."""

    def templates(self, config: Config) -> TemplateEngine:
        """Return what makes pages, if the application has nothing of its own for that."""


class Options(Record, kw_only=True):
    """What an application is told besides its beans and properties.

    Attributes:
        config: The settings, for stages that have some of their own.
        left_out: Route sources of these classes do not take part.
        given: Configuration that wins over settings, by the name of the argument of ``create_app``.
    """

    technology: Technology
    title: str = "PyFly"
    version: str = "0.1.0"
    description: str = ""
    docs_enabled: bool = True
    fallbacks: Sequence[Fallback] = ()
    routes: Sequence[RawRoute] = ()
    config: Config | None = None
    left_out: tuple[type, ...] = ()
    given: Mapping[str, Any] = attribute(default_factory=dict)


def assemble(container: Container, properties: WebProperties, options: Options) -> Assembly:
    """Return the application made of the controllers, filters and route sources in *container*.

    Raises:
        BeanGraphError: Some mapping cannot be a route, or is in the place of another one.
        Problem: A ready-made route is in the place of a mapping.
    """
    description = describe(container)
    if description.problems:
        raise BeanGraphError(description.problems)
    pool = SyncPool(properties.sync_threads, properties.sync_queue)
    streams = OpenStreams()
    runtime = runtime_of(container, properties, pool, options, streams)
    translator = translator_of(container, properties, options)
    base = properties.base_path
    versioning = _versioning(description.routes, options)
    served = versioning.expanded(description.routes) if versioning else description.routes
    metadata = tuple(metadata_of(route.plan, base) for route in served)
    guard = Guard(runtime, translator, global_advice(container, runtime))
    keyed = _idempotency(container, properties, options)
    router = Router()
    objects = partial(options.technology.chain_objects, properties.max_body_size)

    def one(item: DescribedRoute) -> Endpoint:
        endpoint = keyed(endpoint_of(item, container, runtime, guard), item.plan)
        return with_filters(endpoint, item.plan, container, guard, objects)

    def compiled(routes: Sequence[DescribedRoute]) -> Endpoint:
        return choosing([Alternative(item.plan.produces, item.plan.consumes, one(item)) for item in routes])

    shaped = routes_by_shape(served)
    for (method, _), routes in shaped.items():
        endpoint = versioning.endpoint(routes, compiled) if versioning else compiled(routes)
        router.add(method, join(base, routes[0].plan.path), endpoint)
    for raw in apart_from(shaped, _raw_routes(container, base, metadata, translator, options)):
        router.add(raw.method, join(base, raw.path), raw.endpoint)
    mounts = _mounts(container, base)
    routing = Routing(router, properties.trailing_slash, [*mounts, *_fallbacks(properties, options)])
    parts = Parts(container, options.config or Config(), properties, translator, objects, dict(options.given))
    stages = stages_of(parts)
    background = _background_of(description.routes, pool, properties)
    if background is not None:
        stages.append(Stage("background tasks", 0, done=background.done))
    if announcement := sys.modules.get("pyfly.web.versioning.deprecation"):
        stages.append(Stage("route headers", 0, headers=announcement.write_announced))
    ids = RequestIds(properties.request_id.header) if properties.request_id.enabled else None
    checks = tuple(stage.check for stage in stages if stage.check is not None)
    dispatch = dispatcher(guard.everything(routing.respond), translator, ids, stages)
    sockets = _websockets(parts, runtime, stages, ids, streams, mounts)
    return Assembly(
        dispatch,
        metadata,
        options.docs_enabled,
        pool,
        checks,
        streams,
        background,
        sockets,
        refusals_of(translator, ids, stages),
    )


def _versioning(routes: Sequence[DescribedRoute], options: Options) -> Any:
    if "pyfly.web.versions" not in sys.modules:
        return None
    from pyfly.web.versioning.choosing import Versioning  # only for applications with versions
    from pyfly.web.versioning.properties import VersioningProperties

    return Versioning((options.config or Config()).bind(VersioningProperties), routes)


def _idempotency(
    container: Container, properties: WebProperties, options: Options
) -> Callable[[Endpoint, RoutePlan], Endpoint]:
    config = options.config or Config()
    is_enabled = config.get("pyfly.web.idempotency.enabled", False, type=bool)
    if not is_enabled and "pyfly.web.idempotency.mapping" not in sys.modules:
        return lambda endpoint, _: endpoint
    from pyfly.web.idempotency.serving import Idempotency  # only for applications that want it

    return Idempotency(container, config, properties.max_body_size).around


def _mounts(container: Container, base: str) -> list[Fallback]:
    module = sys.modules.get("pyfly.web.mounts.mount")  # no module, no mounts
    # Of mounts inside each other, the inner one comes first.
    found = sorted(beans_of(container, module.AsgiMount) if module else (), key=lambda item: -len(item.path))
    return [item.finder(base) for item in found]


def _websockets(
    parts: Parts,
    runtime: Runtime,
    stages: Sequence[Stage],
    ids: RequestIds | None,
    streams: OpenStreams,
    mounts: Sequence[Fallback],
) -> AsgiCallable | None:
    if not mounts and "pyfly.web.websocket.mapping" not in sys.modules:
        return None
    from pyfly.web.websocket.assembly import websockets_of  # only for applications that have some

    return websockets_of(parts, runtime, stages, ids, streams, mounts)


def _background_of(routes: Sequence[DescribedRoute], pool: SyncPool, properties: WebProperties) -> Any:
    if not any(item.source is Source.TASKS for route in routes for item in route.plan.parameters):
        return None
    from pyfly.web.background.running import BackgroundRunner  # only for applications with such handlers

    return BackgroundRunner(pool.run_admitted, properties.shutdown_timeout)


def endpoint_of(route: DescribedRoute, container: Container, runtime: Runtime, guard: Guard) -> Any:
    """Return the compiled endpoint of *route*, inside its controller's exception handlers."""
    definition = route.definition
    controller = partial(container.get, definition)
    shared = _is_singleton(definition)
    own = advice_of(definition, container, runtime)
    rescue = guard.rescue(definition.type, own)
    endpoint = compile_route(route.plan, controller, runtime, shared=shared, rescue=rescue)
    endpoint = guard.endpoint(endpoint, definition.type, own)
    module = sys.modules.get("pyfly.web.versioning.deprecation")  # no module, no deprecations
    said = module.deprecation_of(definition.type, route.plan.name) if module else None
    return (
        endpoint if said is None or module is None else module.announcing(endpoint, module.headers_for(said))
    )


def runtime_of(
    container: Container,
    properties: WebProperties,
    pool: SyncPool,
    options: Options,
    streams: OpenStreams,
) -> Runtime:
    """Return what compiled routes call."""
    scope = type(container.ascope(BeanScope.REQUEST)) if container.has_scope(BeanScope.REQUEST) else None
    return Runtime(
        resolve=container.resolve,
        is_shared=lambda cls: all(map(_is_singleton, container.definitions_of(cls))),
        request_scope=scope,
        run_sync=pool.run,
        requests=options.technology.requests,
        limits=_limits_of(properties, options.config or Config()),
        features=Features(
            container,
            options.config or Config(),
            run_sync=pool.run,
            body_limit=properties.max_body_size,
            templates=options.technology.templates,
        ),
        converters=beans_of(container, HttpMessageConverter),
        response_validation=properties.response_validation,
        response_sample=properties.response_sample,
        streaming=cache(partial(_streaming, container, options, pool, scope, streams)),
    )


def _limits_of(properties: WebProperties, config: Config) -> Limits:
    said = config.bind(LimitProperties)
    if not said.enabled:
        return Limits(properties.max_body_size, UNLIMITED, UNLIMITED)
    return Limits(properties.max_body_size, said.json_depth, said.query_values)


def _streaming(
    container: Container, options: Options, pool: SyncPool, scope: RequestScope | None, streams: OpenStreams
) -> Any:
    from pyfly.web.streaming.properties import SseProperties  # only for applications that stream
    from pyfly.web.streaming.serving import Streaming

    clock: Clock = (beans_of(container, Clock) or [SystemClock()])[0]
    return Streaming(
        (options.config or Config()).bind(SseProperties), clock, streams, pool.run_admitted, scope
    )


def routes_by_shape(routes: Sequence[DescribedRoute]) -> dict[tuple[str, str], list[DescribedRoute]]:
    """Return *routes* by method and shape of their path; those of one shape are told apart by media types."""
    found: dict[tuple[str, str], list[DescribedRoute]] = {}
    for route in routes:
        found.setdefault((route.plan.method, shape_of(route.plan.path)), []).append(route)
    return found


def translator_of(container: Container, properties: WebProperties, options: Options) -> ErrorTranslator:
    """Return the error translation of the application: its own renderer and converters come first.

    Raises:
        ConfigurationError: Clients would be shown exceptions in production.
    """
    debug: bool = options.given.get("debug", properties.debug)
    if debug and options.config is not None and in_production(options.config.active_profiles):
        raise ConfigurationError(
            "Exceptions would be shown to clients in production",
            key="pyfly.web.debug",
            fix="Set pyfly.web.debug: false for the profile production.",
        )
    converters: list[ExceptionConverter] = [
        *beans_of(container, ExceptionConverter),
        *options.technology.converters(),
        PydanticExceptionConverter(),
        JSONExceptionConverter(),
    ]
    return ErrorTranslator(
        renderer_of(container, properties),
        converters,
        validation_status=properties.errors.validation_status,
        debug=debug,
    )


def beans_of(container: Container, kind: type) -> list[Any]:
    """Return the beans of *kind* by ``@order``."""
    return [container.get(definition) for definition in container.definitions_of(kind)]


def _raw_routes(
    container: Container,
    base: str,
    metadata: tuple[RouteMetadata, ...],
    translator: ErrorTranslator,
    options: Options,
) -> list[RawRoute]:
    found = [*options.routes]
    for source in beans_of(container, RouteSource):
        if not isinstance(source, options.left_out):
            found += source.routes()
    if options.docs_enabled:
        document = Document(
            options.title,
            options.version,
            options.description,
            metadata,
            lambda: translator.renderer,
            translator.validation_status,
            container,
            options.config,
        )
        found += docs_routes(document, base)
    return found


def _fallbacks(properties: WebProperties, options: Options) -> list[Fallback]:
    if not properties.static:
        return [*options.fallbacks]
    from pyfly.web.static.serving import static_files  # only for applications that serve files

    served = static_files(properties.static, properties.base_path, options.config or Config())
    return [*options.fallbacks, *(item.find for item in served)]


def _is_singleton(definition: BeanDefinition) -> bool:
    return definition.scope is BeanScope.SINGLETON
