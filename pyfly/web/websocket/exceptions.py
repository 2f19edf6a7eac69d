"""What ends a websocket early."""

from typing import Final

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
UNSUPPORTED: Final = 1003
INVALID: Final = 1007
REFUSED: Final = 1008
TOO_LARGE: Final = 1009
BROKEN: Final = 1011
_REASON_SIZE: Final = 123


class WebSocketException(Exception):
    """Raised by a handler, closes the connection with a code and a reason.

    Attributes:
        code: 1000 to 1015 as RFC 6455 defines them, 3000 to 4999 for the application's own.
        reason: What the client is told, at most 123 bytes of it.
    """

    def __init__(self, code: int = REFUSED, reason: str = "") -> None:
        """Close with *code* and *reason*."""
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class WebSocketDisconnected(Exception):  # an event, not an error
    """The connection is closed: nothing can be sent any more, and nothing will come.

    Attributes:
        code: The code of the close.
        reason: Its reason.
    """

    def __init__(self, code: int, reason: str = "") -> None:
        """Tell what the connection was closed with."""
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


def shortened(reason: str) -> str:
    """Return as much of *reason* as a close frame holds."""
    return reason.encode()[:_REASON_SIZE].decode(errors="ignore")
