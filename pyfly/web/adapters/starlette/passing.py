"""Responses of other ASGI applications as objects, for filters to look at and to change."""

import asyncio
import logging
from typing import Final

from starlette.responses import Response

from pyfly.web.responses import AsgiCallable, Message, Receive, Scope, Send

_log: Final = logging.getLogger("pyfly.web")


class Call:
    """One call of the other application, whose response is passed on message by message."""

    def __init__(self, app: AsgiCallable, scope: Scope, receive: Receive) -> None:
        """Begin to let *app* answer the request of *scope*, whose body *receive* gives."""
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._told = False
        self._free = asyncio.Semaphore(1)
        self._task = asyncio.ensure_future(app(scope, receive, self._put))
        self._task.add_done_callback(lambda _: self._messages.put_nowait(None))

    async def _put(self, message: Message) -> None:
        # One message at a time: a slow client holds the application back.
        await self._free.acquire()
        self._messages.put_nowait(message)

    async def next(self) -> Message | None:
        """Return the next message, or ``None`` at the end; a failure of the application is the caller's."""
        message = await self._messages.get()
        if message is None:
            self._told = True
            await self._task
        self._free.release()
        return message

    async def response(self) -> "PassedResponse":
        """Return the response as soon as its status and headers are known."""
        start = await self.next()
        if start is None:
            raise RuntimeError("The application ended without a response")
        return PassedResponse(start, self)

    async def close(self) -> None:
        """End the call, wherever it is."""
        self._task.cancel()
        for ended in await asyncio.gather(self._task, return_exceptions=True):
            if isinstance(ended, Exception) and not self._told:
                _log.error("An application failed after its response had been dropped", exc_info=ended)


class PassedResponse(Response):
    """The response of the other application: filters may change its status and headers.

    Attributes:
        call: What is going on in that application.
    """

    def __init__(self, start: Message, call: Call) -> None:
        """Answer as *start* says, with the rest of *call*."""
        self.status_code = start["status"]
        self.raw_headers = list(start.get("headers", ()))
        self.background = None
        self.call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; whatever happens to it, the other application has ended then."""
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            while (message := await self.call.next()) is not None:
                await send(message)
        finally:
            await self.call.close()
