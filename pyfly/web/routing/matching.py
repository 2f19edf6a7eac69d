"""The innermost step of the chain: matches the path of a request and runs the endpoint of its route.

A path is matched as it was sent: split at its slashes, each part decoded once. Nothing is resolved, folded or
dropped: ``//``, ``.``, ``..``, ``;`` and upper case stand for themselves, and an encoded slash (``%2F``) is a
character of its part. A path whose parts are not UTF-8, or contain control characters, is refused.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from pyfly.kernel.exceptions import InvalidRequestException, ResourceNotFoundException
from pyfly.web.errors.exceptions import MethodNotAllowed
from pyfly.web.ports.stages import ROUTE
from pyfly.web.properties import TrailingSlash
from pyfly.web.responses import AsgiCallable, RawHeaders, Receive, Reply, Scope
from pyfly.web.routing.router import Router

Fallback = Callable[[Scope], AsgiCallable | Awaitable[AsgiCallable | None] | None]
"""Finds who else answers a request that no route matches.

What it finds may be a method of an object with ``methods``, as routes of Starlette are: it is for these only.
"""

_CONTROL: Final = re.compile("[\x00-\x1f\x7f]").search
# The number of a byte: looking for bytes with "in" begins with an exception that nobody sees.
_PERCENT: Final = ord("%")
_UNQUOTED: Final = "!$&'()*+,;=:@"


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

    def respond(self, scope: Scope, receive: Receive) -> Awaitable[Reply]:
        """Return the answer to a request, which is that of its endpoint: nothing is awaited in between.

        Raises:
            ResourceNotFoundException: Nothing is at its path.
            MethodNotAllowed: Something is, but not for its method.
            InvalidRequestException: The path cannot be understood.
        """
        path = scope["path"]
        root = scope.get("root_path")
        if root and path.startswith(root):
            path = path[len(root) :]
        if _PERCENT in scope.get("raw_path", b""):
            return self._encoded(path, scope, receive)
        values: tuple[str, ...] = ()
        methods = self._static.get(path)
        if methods is None:
            match = self._find(path)
            if match is None:
                return self._elsewhere(path.split("/")[1:], scope, receive)
            methods, values = match
        endpoint = methods.get(scope["method"])
        if endpoint is None:
            return self._other_method(path[1:].split("/"), scope, receive)
        scope[ROUTE] = methods.template
        return endpoint(scope, receive, values)

    async def _encoded(self, path: str, scope: Scope, receive: Receive) -> Reply:
        parts = _decoded(scope["raw_path"])
        root = scope.get("root_path", "")
        if root and path != "/".join(["", *parts]):
            parts = parts[root.count("/") :]
        match = self._router.find_parts(parts)
        if match is None:
            return await self._elsewhere(parts, scope, receive)
        methods, values = match
        endpoint = methods.get(scope["method"])
        if endpoint is None:
            return await self._other_method(parts, scope, receive)
        scope[ROUTE] = methods.template
        return await endpoint(scope, receive, values)

    async def _other_method(self, parts: Sequence[str], scope: Scope, receive: Receive) -> Reply:
        try:
            methods, endpoint, values = self._router.settle(parts, scope["method"])
        except MethodNotAllowed as refusal:
            elsewhere = await self._fallback(scope, _takes)
            if elsewhere is not None:
                return elsewhere
            if scope["method"] != "OPTIONS":
                raise
            return 204, [(b"allow", refusal.headers["Allow"].encode())], b""
        scope[ROUTE] = methods.template
        return await endpoint(scope, receive, values)

    async def _elsewhere(self, parts: Sequence[str], scope: Scope, receive: Receive) -> Reply:
        found = await self._fallback(scope)
        if found is not None:
            return found
        spelling = self._other_spelling(parts)
        if spelling is None:
            raise ResourceNotFoundException("There is nothing at this path", code="NOT_FOUND")
        if self._trailing_slash is TrailingSlash.REDIRECT:
            return _redirect(scope, spelling)
        return await self._other_method(spelling, scope, receive)

    async def _fallback(
        self, scope: Scope, fits: Callable[[AsgiCallable, str], bool] | None = None
    ) -> AsgiCallable | None:
        for fallback in self._fallbacks:
            found = fallback(scope)
            if isinstance(found, Awaitable):
                found = await found
            if found is not None and (fits is None or fits(found, scope["method"])):
                return found
        return None

    def _other_spelling(self, parts: Sequence[str]) -> Sequence[str] | None:
        # A path with two slashes at its start would be a redirect to another host.
        if self._trailing_slash is TrailingSlash.STRICT or not any(parts) or not parts[0]:
            return None
        spelling = [*parts[:-1]] if not parts[-1] else [*parts, ""]
        return None if self._router.find_parts(spelling) is None else spelling


def _takes(found: AsgiCallable, method: str) -> bool:
    """Say whether *found* answers *method* itself, and does not just know the path.

    A mounted application may do so for each method, but which there are is told by the routes at the path.
    """
    methods = getattr(getattr(found, "__self__", None), "methods", None)
    return method != "OPTIONS" if methods is None else method in methods


def _decoded(raw: bytes) -> list[str]:
    try:
        parts = [unquote_to_bytes(part).decode() for part in raw.split(b"/")[1:]]
    except UnicodeDecodeError:
        raise InvalidRequestException("The path is not UTF-8", code="INVALID_PATH") from None
    if any(map(_CONTROL, parts)):
        raise InvalidRequestException("The path contains control characters", code="INVALID_PATH")
    return parts


def _redirect(scope: Scope, parts: Sequence[str]) -> tuple[int, RawHeaders, bytes]:
    query = scope.get("query_string", b"")
    path = "".join(f"/{quote(part, safe=_UNQUOTED)}" for part in parts)
    location = (quote(scope.get("root_path", "")) + path).encode() + (b"?" + query if query else b"")
    return 308, [(b"location", location), (b"content-length", b"0")], b""
