"""Puts the websockets of an application together."""

from collections.abc import Callable, Sequence
from functools import partial

from pyfly.kernel.record import copy_with
from pyfly.web.binding.compiler import Runtime, compile_route
from pyfly.web.cors.policy import Cors
from pyfly.web.csrf.policy import OriginPolicy, cors_of, is_own
from pyfly.web.csrf.properties import CsrfProperties
from pyfly.web.ports.stages import Respond, Stage
from pyfly.web.properties import TrailingSlash
from pyfly.web.responses import AsgiCallable, Scope
from pyfly.web.routing.description import DescribedRoute
from pyfly.web.routing.matching import Fallback, Routing
from pyfly.web.routing.request_id import RequestIds
from pyfly.web.routing.router import Router
from pyfly.web.routing.templates import join
from pyfly.web.stages.parts import Parts
from pyfly.web.streams import OpenStreams
from pyfly.web.websocket.planning import SessionArgument, describe_websockets
from pyfly.web.websocket.properties import WebSocketProperties
from pyfly.web.websocket.serving import Way, WebSockets


def websockets_of(
    parts: Parts,
    runtime: Runtime,
    stages: Sequence[Stage],
    ids: RequestIds | None,
    streams: OpenStreams,
    fallbacks: Sequence[Fallback] = (),
) -> AsgiCallable | None:
    """Return what serves the websockets of the controllers in the container, then those of *fallbacks*, if any."""
    routes = describe_websockets(parts.container).routes
    if not routes and not fallbacks:
        return None
    routing = Routing(_router(routes, parts, runtime), TrailingSlash.STRICT, fallbacks)
    respond: Respond = routing.respond
    for stage in reversed(stages):
        if stage.around is not None and stage.sockets:
            respond = stage.around(respond)
    writers = [stage.headers for stage in stages if stage.headers is not None]
    way = Way(
        checks=[stage.check for stage in stages if stage.check is not None],
        allows=_origins(parts),
        respond=respond,
        writers=[ids.write, *writers] if ids is not None else writers,
        observers=[stage.done for stage in stages if stage.done is not None],
        ids=ids,
        translator=parts.translator,
    )
    return WebSockets(way, parts.config.bind(WebSocketProperties), streams)


def _router(routes: Sequence[DescribedRoute], parts: Parts, runtime: Runtime) -> Router:
    router = Router()
    session = SessionArgument()
    resolve = runtime.resolve
    runtime = copy_with(runtime, resolve=lambda cls: session if cls is SessionArgument else resolve(cls))
    for route in routes:
        definition = route.definition
        endpoint = compile_route(
            route.plan,
            partial(parts.container.get, definition),
            runtime,
            shared=runtime.is_shared(definition.type),
        )
        router.add("GET", join(parts.properties.base_path, route.plan.path), endpoint)
    return router


def _origins(parts: Parts) -> Callable[[Scope], bool] | None:
    is_protected = parts.config.get("pyfly.web.csrf.enabled", True, type=bool)
    cors = cors_of(parts)
    if is_protected:
        return OriginPolicy(parts.config.bind(CsrfProperties), cors).admits_socket
    return None if cors is None else partial(_is_allowed, cors)


def _is_allowed(cors: Cors, scope: Scope) -> bool:
    sent = {name: value for name, value in scope["headers"] if name in (b"origin", b"host")}
    origin = sent.get(b"origin")
    return origin is None or is_own(origin, sent.get(b"host", b""), scope) or cors.allows(origin)
