"""Replies that send themselves: streams, files and response objects."""

import logging
from collections.abc import Sequence

from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.stages import FAILURE, GONE, HeaderWriter
from pyfly.web.responses import AsgiCallable, Message, RawHeaders, Receive, Scope, Send, refuse_line_breaks
from pyfly.web.routing.request_id import current_request_id

_log = logging.getLogger("pyfly.web")


class StreamedReply:
    """Lets one reply send itself, with the headers that every response gets and without a body for HEAD."""

    __slots__ = ("_reply", "_scope", "_send", "_status", "_translator", "_writers")

    def __init__(
        self, reply: AsgiCallable, writers: Sequence[HeaderWriter], translator: ErrorTranslator
    ) -> None:
        """Send *reply*; ask *writers* for more headers, and *translator* if it fails before it began."""
        self._reply = reply
        self._writers = writers
        self._translator = translator
        self._status = 0

    async def send(self, scope: Scope, receive: Receive, send: Send) -> int | tuple[int, RawHeaders, bytes]:
        """Return the status that was sent, or what to send instead if nothing was."""
        self._scope, self._send = scope, send
        try:
            await self._reply(scope, receive, self._pass_on)
        except ClientDisconnected:
            return self._status or GONE
        except Exception as failure:
            if self._status:
                scope[FAILURE] = failure
                _log_broken(scope, failure)
                raise
            return self._translator.reply(failure, scope, current_request_id.get())
        return self._status

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            refuse_line_breaks(headers)
            for write in self._writers:
                write(self._scope, headers)
            message = {**message, "headers": headers}
            self._status = message["status"]
        elif self._scope["method"] == "HEAD":
            message = _without_body(message)
        await self._send(message)


def _without_body(message: Message) -> Message:
    if message["type"] == "http.response.body":
        return {**message, "body": b""}
    # The server would send the file of the path.
    is_file = message["type"] == "http.response.pathsend"
    return {"type": "http.response.body", "body": b""} if is_file else message


def _log_broken(scope: Scope, failure: Exception) -> None:
    request_id = current_request_id.get()
    _log.error(
        "%s %s broke off in the middle of its response (request_id=%s)",
        scope["method"],
        scope["path"].encode("unicode_escape").decode("ascii"),
        request_id,
        exc_info=failure,
        extra={"request_id": request_id},
    )
