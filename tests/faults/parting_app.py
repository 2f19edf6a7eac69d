"""Answers and uploads that last, each of which notes that it began and that it ended."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from pyfly.container import Scope, rest_controller, service
from pyfly.context import pre_destroy
from pyfly.web import (
    Body,
    ByteStream,
    PathVar,
    QueryParam,
    Request,
    UploadedFile,
    WebSocketSession,
    get_mapping,
    post_mapping,
    sse_mapping,
    websocket_mapping,
)

PAUSE = 0.002


@service
class Turnstile:
    """Counts who came in and who went out again, by place."""

    def __init__(self) -> None:
        self.entered: dict[str, int] = {}
        self.left: dict[str, int] = {}

    @contextmanager
    def through(self, place: str) -> Iterator[None]:
        self.count(self.entered, place)
        try:
            yield
        finally:
            self.count(self.left, place)

    def count(self, passed: dict[str, int], place: str) -> None:
        passed[place] = passed.get(place, 0) + 1


@service(scope=Scope.REQUEST)
class Session:
    """What a request holds, like a connection to a database."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile
        turnstile.count(turnstile.entered, "session")

    @pre_destroy
    def close(self) -> None:
        self.turnstile.count(self.turnstile.left, "session")


@rest_controller
class Lasting:
    def __init__(self, turnstile: Turnstile) -> None:
        self.turnstile = turnstile

    @sse_mapping("/events")
    async def events(self, session: Session) -> AsyncIterator[dict[str, int]]:
        with self.turnstile.through("events"):
            for number in range(1_000_000):
                yield {"number": number}
                await asyncio.sleep(PAUSE)

    @get_mapping("/lines")
    async def lines(self, session: Session) -> AsyncIterator[dict[str, str]]:
        with self.turnstile.through("lines"):
            for number in range(1_000_000):
                yield {"number": str(number), "padding": "x" * 2000}
                await asyncio.sleep(0)

    @get_mapping("/bytes")
    async def content(self, session: Session) -> ByteStream:
        return ByteStream(self._parts())

    async def _parts(self) -> AsyncIterator[bytes]:
        with self.turnstile.through("bytes"):
            while True:
                yield b"x" * 60_000

    @get_mapping("/slow")
    async def slow(self, session: Session, pauses: QueryParam[int] = 20) -> int:
        with self.turnstile.through("slow"):
            await asyncio.sleep(PAUSE * pauses)
            return pauses

    @post_mapping("/whole")
    async def whole(self, content: Body[bytes], session: Session) -> int:
        with self.turnstile.through("whole"):
            return len(content)

    @post_mapping("/parts")
    async def parts(self, request: Request, session: Session) -> int:
        size = 0
        with self.turnstile.through("parts"):
            async for part in request.stream():
                size += len(part)
                await asyncio.sleep(0)
        return size

    @post_mapping("/files")
    async def files(self, document: UploadedFile, session: Session) -> int:
        with self.turnstile.through("files"):
            return len(await document.read())

    @websocket_mapping("/talk")
    async def talk(self, socket: WebSocketSession, session: Session) -> None:
        with self.turnstile.through("talk"):
            await socket.accept()
            socket.on_disconnect(lambda: self.turnstile.count(self.turnstile.left, "goodbye"))
            self.turnstile.count(self.turnstile.entered, "goodbye")
            async for text in socket.messages(str):
                await socket.send(text * 100)

    @get_mapping("/turnstile/{kind}")
    async def state(self, kind: PathVar[str]) -> dict[str, int]:
        return self.turnstile.entered if kind == "entered" else self.turnstile.left
