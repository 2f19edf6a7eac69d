"""An application that answers in every way there is, booted by tests."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pydantic import BaseModel, Field

from pyfly.container import rest_controller, service
from pyfly.core import pyfly_application
from pyfly.web import (
    FileContent,
    Header,
    HttpMessageConverter,
    JsonLines,
    ResponseEntity,
    ServerSentEvent,
    get_mapping,
    sse_mapping,
)
from pyfly.web.conditional import etag_of
from pyfly.web.ports.messages import Writer


class Visit(BaseModel):
    id: int = Field(ge=1)
    note: str = ""


@service
class Feed:
    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.broken = asyncio.Event()


@service
class VisitCsv(HttpMessageConverter):
    media_types = ("text/csv",)

    def writer(self, annotation: Any, /) -> Writer | None:
        return (lambda visit: f"{visit.id},{visit.note}\n".encode()) if annotation is Visit else None


@rest_controller
class Visits:
    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    @sse_mapping("/stream")
    async def stream(self, last_event_id: Header[int | None] = None) -> AsyncIterator[ServerSentEvent[Visit]]:
        try:
            for number in range((last_event_id or 0) + 1, 1_000_000_000):
                yield ServerSentEvent(Visit(id=number), id=str(number))
                await asyncio.sleep(0)
        finally:
            self._feed.closed.set()

    @sse_mapping("/quiet")
    async def quiet(self) -> AsyncIterator[ServerSentEvent[Visit]]:
        try:
            await asyncio.Event().wait()
            yield ServerSentEvent()
        finally:
            self._feed.closed.set()

    @get_mapping("/lines")
    async def lines(self) -> JsonLines[Visit]:
        return JsonLines([Visit(id=1), Visit(id=2)])

    @get_mapping("/broken")
    async def broken(self) -> AsyncIterator[Visit]:
        yield Visit(id=1)
        await self._feed.broken.wait()
        raise RuntimeError("the disk is full")

    @get_mapping("/visits/1")
    async def one(self) -> Visit:
        return Visit(id=1, note="x" * 2000)

    @get_mapping("/visits/2")
    async def two(self) -> ResponseEntity[Visit]:
        return ResponseEntity(Visit(id=2), headers={"ETag": etag_of("visit", 2)})

    @get_mapping("/visits/0")
    async def spoiled(self) -> Visit:
        visit = Visit(id=1)
        visit.id = 0
        return visit

    @get_mapping("/source")
    async def source(self) -> FileContent:
        return FileContent(__file__, filename="source code.py")


@pyfly_application(name="streaming", scan_packages=["tests.web.streaming_app"])
class Streaming:
    pass
