"""The reply that sends a stream."""

from pyfly.web.responses import RawHeaders, Receive, Scope, Send
from pyfly.web.streaming.pump import Pump


class StreamReply:
    """Sends what a pump makes until one of them is done: the pump, the client, or the server.

    Attributes:
        status_code: The status; may be changed until it is sent.
        raw_headers: The headers, likewise.
        pump: Runs the source.
    """

    def __init__(self, status_code: int, headers: RawHeaders, pump: Pump) -> None:
        """Answer with *status_code*, *headers* and what *pump* makes. Nothing that *pump* runs may refer to it."""
        self.status_code = status_code
        self.raw_headers = headers
        self.pump = pump
        self._sending = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response.

        Raises:
            Exception: What the source raised midway. The connection is then closed without a proper end, so that
                nobody takes the part for the whole.
        """
        self._sending = True
        pump = self.pump
        try:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            if scope["method"] != "HEAD":
                while (chunk := await pump.take()) is not None and not pump.is_gone:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            if not pump.is_gone:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await pump.close()

    def __del__(self) -> None:
        # A filter answered with something else: nobody will ever take what the source makes.
        if not self._sending:
            self.pump.end()
