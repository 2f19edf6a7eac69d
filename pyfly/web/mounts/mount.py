"""One mounted application."""

from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import unquote_to_bytes

from pyfly.core.asgi import AsgiApplication
from pyfly.core.lifespan import lifespan
from pyfly.web.responses import AsgiCallable, Receive, Scope, Send
from pyfly.web.routing.templates import join


class AsgiMount:
    """Any ASGI application, below a path; make a bean of it.

    What no route of a controller answers below *path* goes there, websockets included. The mounted application
    sees *path* at the end of ``root_path``. Everything that runs around requests (limits, hosts, CORS, request
    ids, the access log, security headers, filters, security) runs around its requests, too, and an exception that
    leaves it before its response began becomes an error response of this application. Filters do not run around
    its websockets: it has to look after those itself. Its lifespan is started and stopped with the context.
    """

    def __init__(self, path: str, app: Any) -> None:
        """Mount *app* at *path*, which is relative to ``pyfly.web.base-path``.

        Raises:
            ValueError: *path* does not begin with a slash, or is nothing but that.
        """
        self.path = path.rstrip("/")
        if not self.path.startswith("/"):
            raise ValueError(f"the path of a mount begins with a slash and goes on: {path!r}")
        self._app: AsgiApplication = app
        self._served: AsgiApplication = app
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Start the application, if it knows a lifespan."""
        self._served = await self._stack.enter_async_context(lifespan(self._app))

    async def stop(self) -> None:
        """Stop it."""
        await self._stack.aclose()

    def finder(self, base_path: str) -> "Finder":
        """Return what finds requests for the application, below *base_path*."""
        return Finder(self, join(base_path, self.path))

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand over one connection."""
        await self._served(scope, receive, send)


class Finder:
    """Says whether a request is for a mounted application."""

    def __init__(self, mount: AsgiMount, prefix: str) -> None:
        """Look for paths below *prefix*."""
        self._mount = mount
        self._prefix = prefix
        self._parts = [part.encode() for part in prefix.split("/")]

    def __call__(self, scope: Scope) -> AsgiCallable | None:
        """Return what answers the request, or ``None``."""
        root = scope.get("root_path", "")
        if not self._is_below(scope, root):
            return None

        async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
            # A scope is shared with what runs around it, so the mounted application gets its own.
            await self._mount.serve({**scope, "root_path": root + self._prefix}, receive, send)

        return mounted

    def _is_below(self, scope: Scope, root: str) -> bool:
        path = scope["path"]
        if root and path.startswith(root):
            path = path[len(root) :]
        if path != self._prefix and not path.startswith(f"{self._prefix}/"):
            return False
        raw = scope.get("raw_path") or b""
        if b"%" not in raw:
            return True
        # An encoded slash is a character of its part, and not the end of the path of a mount.
        parts = raw.split(b"/")[root.count("/") :]
        return [unquote_to_bytes(part) for part in parts[: len(self._parts)]] == self._parts
