"""What the server answers without asking the application, as bytes."""

import logging
from typing import Any, Final

from pyfly.core.asgi import Answer, Message, Refusal, refused
from pyfly.web.errors.status import reason_of
from pyfly.web.responses import refuse_line_breaks

_log = logging.getLogger("pyfly.web")

TIMEOUT: Final = Refusal(408, "REQUEST_TIMEOUT", "The request took too long to arrive")
FULL: Final = Refusal(
    503, "TOO_MANY_CONNECTIONS", "There are too many connections", headers={"Retry-After": "1"}
)
MALFORMED: Final = Refusal(400, "INVALID_REQUEST", "This is no valid HTTP request")
LONG_URL: Final = Refusal(414, "URI_TOO_LONG", "The URL is too long")
LARGE_HEAD: Final = Refusal(431, "HEADERS_TOO_LARGE", "The headers are too large")
HANDSHAKE: Final = Refusal(400, "INVALID_HANDSHAKE", "This is no valid handshake of a websocket")


def answer(app: Any, refusal: Refusal, scope: Message | None, *, begun: bool = False) -> bytes:
    """Return the whole response of *app* to *refusal*, after which the connection is closed."""
    status, headers, body = worded(app, refusal, scope, begun=begun)
    lines = [b"HTTP/1.1 %d %b" % (status, reason_of(status).encode())]
    lines += [b"%b: %b" % pair for pair in [*headers, (b"connection", b"close")]]
    return b"\r\n".join([*lines, b"", body])


def worded(app: Any, refusal: Refusal, scope: Message | None, *, begun: bool = False) -> Answer:
    """Return what *app* says to *refusal*, or the plain words if that cannot be sent."""
    try:
        found = refused(app, refusal, scope, begun=begun)
        refuse_line_breaks(found[1])
    except Exception:  # noqa: BLE001  # a client still gets an answer
        _log.exception("A refusal of the server could not be worded")
        return refused(None, refusal)
    return found
