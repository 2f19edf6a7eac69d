"""The way of a request: id, error translation, filters, routing, handler. Composed once, at start-up."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from urllib.parse import quote

from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.errors.exceptions import MethodNotAllowed
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.properties import TrailingSlash
from pyfly.web.responses import AsgiCallable, Message, RawHeaders, Receive, Reply, Scope, Send
from pyfly.web.routing.request_id import RequestIds, current_request_id
from pyfly.web.routing.router import Router

Fallback = Callable[[Scope], AsgiCallable | None]
"""Finds who else answers a request that no route matches."""


class Respond(Protocol):
    """Everything inside the outermost error translation."""

    async def __call__(self, scope: Scope, receive: Receive, /) -> Reply:
        """Return the answer to a request."""


class Routing:
    """The innermost step: matches a request and runs its endpoint."""

    __slots__ = ("_fallbacks", "_find", "_router", "_static", "_trailing_slash")

    def __init__(
        self, router: Router, trailing_slash: TrailingSlash, fallbacks: Sequence[Fallback] = ()
    ) -> None:
        """Answer with the routes of *router*, then with *fallbacks*."""
        self._router = router
        self._static = router.static
        self._find = router.find
        self._trailing_slash = trailing_slash
        self._fallbacks = fallbacks

    async def respond(self, scope: Scope, receive: Receive) -> Reply:
        """Return the answer to a request.

        Raises:
            ResourceNotFoundException: Nothing is at its path.
            MethodNotAllowed: Something is, but not for its method.
        """
        path = scope["path"]
        root = scope.get("root_path")
        if root and path.startswith(root):
            path = path[len(root) :]
        values: tuple[str, ...] = ()
        methods = self._static.get(path)
        if methods is None:
            match = self._find(path)
            if match is None:
                return await self._elsewhere(path, scope, receive)
            methods, values = match
        endpoint = methods.get(scope["method"])
        if endpoint is None:
            return await self._other_method(path, scope, receive)
        return await endpoint(scope, receive, values)

    async def _other_method(self, path: str, scope: Scope, receive: Receive) -> Reply:
        try:
            endpoint, values = self._router.settle(path, scope["method"])
        except MethodNotAllowed as refusal:
            if scope["method"] != "OPTIONS":
                raise
            return 204, [(b"allow", refusal.headers["Allow"].encode())], b""
        return await endpoint(scope, receive, values)

    async def _elsewhere(self, path: str, scope: Scope, receive: Receive) -> Reply:
        for fallback in self._fallbacks:
            found = fallback(scope)
            if found is not None:
                return found
        spelling = self._other_spelling(path)
        if spelling is None:
            raise ResourceNotFoundException("There is nothing at this path", code="NOT_FOUND")
        if self._trailing_slash is TrailingSlash.REDIRECT:
            return _redirect(scope, spelling)
        return await self._other_method(spelling, scope, receive)

    def _other_spelling(self, path: str) -> str | None:
        # A path with two slashes at its start would be a redirect to another host.
        if self._trailing_slash is TrailingSlash.STRICT or path == "/" or path.startswith("//"):
            return None
        spelling = path[:-1] if path.endswith("/") else f"{path}/"
        return None if self._find(spelling) is None else spelling


def dispatcher(respond: Respond, translator: ErrorTranslator, request_ids: RequestIds | None) -> AsgiCallable:
    """Return the ASGI callable that runs *respond*, translates failures and sends the reply."""

    async def dispatch(
        scope: Scope,
        receive: Receive,
        send: Send,
        request_id: str = "",
        extra: tuple[bytes, bytes] | None = None,
    ) -> None:
        try:
            reply = await respond(scope, receive)
        except ClientDisconnected:
            return
        except Exception as failure:  # noqa: BLE001  # every failure of a request becomes its answer
            reply = translator.reply(failure, scope, request_id)
        if not isinstance(reply, tuple):
            instead = await _sent_by_itself(reply, scope, receive, _adding(send, scope, extra), translator)
            if instead is None:
                return
            reply = instead
        status, headers, body = reply
        if extra is not None:
            headers.append(extra)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    return dispatch if request_ids is None else _identified(dispatch, request_ids)


def _identified(dispatch: Callable[..., Awaitable[None]], request_ids: RequestIds) -> AsgiCallable:
    async def identified(scope: Scope, receive: Receive, send: Send) -> None:
        request_id = request_ids.of(scope)
        token = current_request_id.set(request_id)
        try:
            await dispatch(
                scope, receive, send, request_id, (request_ids.header, request_id.encode("latin-1"))
            )
        finally:
            current_request_id.reset(token)

    return identified


async def _sent_by_itself(
    reply: AsgiCallable, scope: Scope, receive: Receive, send: Send, translator: ErrorTranslator
) -> tuple[int, RawHeaders, bytes] | None:
    """Let *reply* send itself; return what to send instead if it failed before it began."""
    started = False

    async def watched(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        await reply(scope, receive, watched)
    except ClientDisconnected:
        return None
    except Exception as failure:
        if started:
            raise
        return translator.reply(failure, scope, current_request_id.get())
    return None


def _adding(send: Send, scope: Scope, extra: tuple[bytes, bytes] | None) -> Send:
    """Return a *send* that adds a header to the response and leaves the body out for HEAD."""
    head = scope["method"] == "HEAD"
    if extra is None and not head:
        return send

    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            if extra is not None:
                message = {**message, "headers": [*message.get("headers", []), extra]}
        elif head:
            message = {**message, "body": b""}
        await send(message)

    return adding


def _redirect(scope: Scope, path: str) -> tuple[int, RawHeaders, bytes]:
    query = scope.get("query_string", b"")
    location = quote(scope.get("root_path", "") + path).encode() + (b"?" + query if query else b"")
    return 308, [(b"location", location), (b"content-length", b"0")], b""
