"""Opens streams: what one application needs to serve them, and what one route does with it."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final, NamedTuple

from pyfly.kernel.clock import Clock
from pyfly.web.ports.streams import StreamPlan
from pyfly.web.responses import RawHeaders, Reply, Scope, raw_headers
from pyfly.web.streaming.encoding import Dump, encode_event, encoder_of
from pyfly.web.streaming.gate import Gate
from pyfly.web.streaming.properties import SseProperties
from pyfly.web.streaming.pump import Pump
from pyfly.web.streaming.reply import StreamReply
from pyfly.web.streaming.types import ServerSentEvent, StreamedContent
from pyfly.web.streams import OpenStreams

Source = Callable[[Any], Awaitable[Any]]
"""Calls the handler with the beans of the request scope."""

_END: Final = object()
_UNBUFFERED: Final = ((b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"))


class Streaming(NamedTuple):
    """What the streams of one application have in common."""

    sse: SseProperties
    clock: Clock
    streams: OpenStreams
    run_sync: Callable[..., Any]
    request_scope: Callable[[], AbstractAsyncContextManager[Any]] | None = None

    def route(self, plan: StreamPlan, status: int, dump: Dump) -> "StreamRoute":
        """Return what opens the streams of one route; *dump* writes its payload as JSON."""
        return StreamRoute(self, plan, status, dump)


class _Head:
    """The status and headers of a stream, complete once the handler has returned."""

    __slots__ = ("headers", "status")

    def __init__(self, status: int, headers: RawHeaders) -> None:
        self.status = status
        self.headers = headers

    def replace(self, content: StreamedContent[Any]) -> None:
        self.status = content.status or self.status
        own = raw_headers(content.headers)
        names = {name for name, _ in own}
        self.headers = [pair for pair in self.headers if pair[0] not in names] + own


class StreamRoute:
    """Opens the streams of one route."""

    gate = Gate

    def __init__(self, streaming: Streaming, plan: StreamPlan, status: int, dump: Dump) -> None:
        """Answer with *status*, and with items written as *plan* says."""
        self._streaming = streaming
        self._plan = plan
        self._status = status
        self._encode = encoder_of(plan, dump)
        self._headers: RawHeaders = [(b"content-type", plan.media_type.encode("latin-1"))]
        self._heartbeat = 0.0
        self._first = b""
        if plan.is_events:
            self._headers += _UNBUFFERED
            self._heartbeat = streaming.sse.heartbeat.total_seconds()
            if streaming.sse.retry is not None:
                self._first = encode_event(ServerSentEvent(retry=streaming.sse.retry), dump)

    async def open(self, scope: Scope, gate: Gate, source: Source) -> Reply:
        """Call the handler and return the reply that sends its stream.

        What fails before anything could be sent is raised here, so that it is answered like any other failure.
        """
        head = _Head(self._status, [*self._headers])
        pump = Pump(lambda pump: self._run(pump, head, source))
        pump.start(gate, self._streaming.streams, self._streaming.clock, self._heartbeat)
        try:
            await self._until_it_began(pump)
        except BaseException:
            pump.end()
            raise
        if pump.failure is not None:
            await pump.close()
            raise pump.failure
        return StreamReply(head.status, head.headers, pump)

    async def _run(self, pump: Pump, head: _Head, source: Source) -> None:
        enter = self._streaming.request_scope or nullcontext
        async with enter() as beans:
            result = await source(beans)
            if isinstance(result, StreamedContent):
                head.replace(result)
                result = result.source
            items = self._items(result)
            pump.ready.set()
            try:
                if self._first:
                    await pump.put(self._first)
                async for item in items:
                    await pump.put(self._encode(item))
            finally:
                close = getattr(items, "aclose", None)
                if close is not None:
                    await close()

    def _items(self, result: Any) -> AsyncIterator[Any]:
        if isinstance(result, AsyncIterable):
            return aiter(result)
        if isinstance(result, Iterable):
            return self._threaded(iter(result))
        raise TypeError(f"a handler returned {type(result).__name__}, which is no stream")

    async def _threaded(self, items: Iterator[Any]) -> AsyncIterator[Any]:
        run = self._streaming.run_sync
        try:
            while (item := await run(next, items, _END)) is not _END:
                yield item
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                await run(close)

    async def _until_it_began(self, pump: Pump) -> None:
        await pump.ready.wait()
        if not self._plan.is_events:
            await pump.made.wait()
            return
        for _ in range(2):  # enough for a generator that yields at once
            await asyncio.sleep(0)
        patience = self._streaming.sse.open_after.total_seconds()
        if pump.made.is_set() or patience <= 0:
            return
        waiting = {
            asyncio.ensure_future(pump.made.wait()),
            asyncio.ensure_future(self._streaming.clock.sleep(patience)),
        }
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
