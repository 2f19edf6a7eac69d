"""Puts an application together from the beans of a container: routes, filters, errors, documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import BeanGraphError
from pyfly.container.types import Scope as BeanScope
from pyfly.web.binding.compiler import Runtime, compile_route
from pyfly.web.errors.converters import JSONExceptionConverter, PydanticExceptionConverter
from pyfly.web.errors.renderers import EnvelopeRenderer, ProblemRenderer
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.metadata import RouteMetadata, metadata_of
from pyfly.web.openapi.routes import Document, docs_routes
from pyfly.web.ports.errors import ErrorRenderer, ExceptionConverter
from pyfly.web.ports.filter import WebFilter
from pyfly.web.ports.routes import RawRoute, RouteSource
from pyfly.web.properties import ErrorFormat, WebProperties
from pyfly.web.responses import AsgiCallable, RequestFactory
from pyfly.web.routing.advice import advice_of, guarded
from pyfly.web.routing.chain import ChainObjects, filtered
from pyfly.web.routing.description import DescribedRoute, describe
from pyfly.web.routing.dispatch import Fallback, Respond, Routing, dispatcher
from pyfly.web.routing.pool import SyncPool
from pyfly.web.routing.request_id import RequestIds
from pyfly.web.routing.router import Router
from pyfly.web.routing.templates import join


@dataclass(frozen=True, slots=True)
class Assembly:
    """A finished application."""

    dispatch: AsgiCallable
    metadata: tuple[RouteMetadata, ...]
    docs_enabled: bool
    pool: SyncPool

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an application is told besides its beans and properties."""

    technology: Technology
    title: str = "PyFly"
    version: str = "0.1.0"
    description: str = ""
    docs_enabled: bool = True
    fallbacks: Sequence[Fallback] = ()
    routes: Sequence[RawRoute] = ()


def assemble(container: Container, properties: WebProperties, options: Options) -> Assembly:
    """Return the application made of the controllers, filters and route sources in *container*.

    Raises:
        BeanGraphError: Some mapping cannot be a route.
    """
    description = describe(container)
    if description.problems:
        raise BeanGraphError(description.problems)
    pool = SyncPool(properties.sync_threads)
    runtime = runtime_of(container, properties, pool, options.technology)
    translator = translator_of(container, properties, options.technology)
    base = properties.base_path
    metadata = tuple(metadata_of(route.plan, base) for route in description.routes)
    router = Router()
    for route in description.routes:
        router.add(
            route.plan.method, join(base, route.plan.path), endpoint_of(route, container, runtime, translator)
        )
    for raw in _raw_routes(container, base, metadata, translator, options):
        router.add(raw.method, join(base, raw.path), raw.endpoint)
    respond: Respond = Routing(router, properties.trailing_slash, options.fallbacks).respond
    filters = beans_of(container, WebFilter)
    if filters:
        respond = filtered(
            respond, filters, translator, options.technology.chain_objects(properties.max_body_size)
        )
    ids = RequestIds(properties.request_id.header) if properties.request_id.enabled else None
    return Assembly(dispatcher(respond, translator, ids), metadata, options.docs_enabled, pool)


def endpoint_of(
    route: DescribedRoute, container: Container, runtime: Runtime, translator: ErrorTranslator
) -> Any:
    """Return the compiled endpoint of *route*, inside its controller's exception handlers."""
    definition = route.definition
    controller = partial(container.get, definition)
    shared = _is_singleton(definition)
    endpoint = compile_route(route.plan, controller, runtime, shared=shared)
    return guarded(endpoint, advice_of(definition.type), controller, runtime, translator)


def runtime_of(
    container: Container, properties: WebProperties, pool: SyncPool, technology: Technology
) -> Runtime:
    """Return what compiled routes call."""
    needs_scope = container.has_scope(BeanScope.REQUEST)
    return Runtime(
        resolve=container.resolve,
        is_shared=lambda cls: all(map(_is_singleton, container.definitions_of(cls))),
        request_scope=partial(container.ascope, BeanScope.REQUEST) if needs_scope else None,
        run_sync=pool.run,
        requests=technology.requests,
        max_body_size=properties.max_body_size,
    )


def translator_of(container: Container, properties: WebProperties, technology: Technology) -> ErrorTranslator:
    """Return the error translation of the application: its own renderer and converters come first."""
    own = beans_of(container, ErrorRenderer)
    default = EnvelopeRenderer if properties.errors.format is ErrorFormat.ENVELOPE else ProblemRenderer
    converters: list[ExceptionConverter] = [
        *beans_of(container, ExceptionConverter),
        *technology.converters(),
        PydanticExceptionConverter(),
        JSONExceptionConverter(),
    ]
    return ErrorTranslator(
        own[0] if own else default(), converters, validation_status=properties.errors.validation_status
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
        found += source.routes()
    if options.docs_enabled:
        document = Document(options.title, options.version, options.description, metadata, translator)
        found += docs_routes(document, base)
    return found


def _is_singleton(definition: BeanDefinition) -> bool:
    return definition.scope is BeanScope.SINGLETON
