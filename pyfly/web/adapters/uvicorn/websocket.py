"""uvicorn's websocket protocol with a limit to how slow a client may be, whose refusals are the application's."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Response

from pyfly.core.asgi import Refusal
from pyfly.web.adapters.uvicorn.watch import Watch
from pyfly.web.connections.properties import ConnectionProperties
from pyfly.web.connections.refusals import HANDSHAKE, answer, worded
from pyfly.web.errors.status import reason_of


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """A websocket whose client does not have for ever to take what was sent to it before the end."""

    watch: Watch
    _closing_since: float | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Serve one connection."""
        super().__init__(*args, **kwargs)
        self._reject = self.conn.reject
        self.conn.reject = self._rejected  # type: ignore[method-assign]  # whoever refuses a handshake calls it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Serve the connection."""
        super().connection_made(transport)
        self.watch.add(self)

    def data_received(self, data: bytes) -> None:
        """Read *data*; a handshake that cannot even be read is answered, too."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            said = b"".join(self.conn.data_to_send())
            self.handshake_initiated = self.handshake_complete = self.close_sent = True
            self.transport.write(said or answer(self.app, HANDSHAKE, self._known()))
            self.transport.close()

    def send(self, message: Any) -> Coroutine[Any, Any, None]:
        """Send *message*; a refusal of the handshake ends it, which uvicorn would complain of otherwise."""
        is_refusal = message["type"] == "websocket.http.response.body"
        return self._send_refusal(message) if is_refusal else super().send(message)

    async def _send_refusal(self, message: Any) -> None:
        await super().send(message)
        if not message.get("more_body", False):
            self.handshake_complete = True

    def look(self, now: float, limits: ConnectionProperties) -> bool:
        """Cut off a client that does not take the rest."""
        if self.transport.is_closing():
            if self._closing_since is None:
                self._closing_since = now
            elif now - self._closing_since > limits.write_timeout.total_seconds():
                self.transport.abort()
        return self in self.connections

    def _rejected(self, status: HTTPStatus | int, text: str) -> Response:
        """Return the response to a handshake that is refused; the application has been asked if it was valid."""
        plain = self._reject(status, text)
        refusal = Refusal(plain.status_code, HANDSHAKE.code, text.partition("\n")[0] or reason_of(status))
        _, headers, body = worded(self.app, refusal, self._known(), begun=self.handshake_initiated)
        said = Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])
        said["Date"] = formatdate(usegmt=True)
        said["Connection"] = "close"
        return replace(plain, headers=said, body=body)

    def _known(self) -> dict[str, Any]:
        known = {"scheme": self.scheme, "server": self.server, "client": self.client, "http_version": "1.1"}
        request = getattr(self, "request", None)
        if request is None:
            return known
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in request.headers.raw_items()
        ]
        return {**known, "method": "GET", "path": request.path.partition("?")[0], "headers": headers}
