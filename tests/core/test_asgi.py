"""The application as an ASGI app."""

import asyncio
from typing import Any

import pytest

from pyfly.core.asgi import LifespanApp, Message


class Recorded:
    """An application that notes its life, and the web bean that answers for it."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.log: list[str] = []
        self.failure = failure

    async def startup(self) -> None:
        self.log.append("startup")
        if self.failure is not None:
            raise self.failure

    async def shutdown(self) -> None:
        self.log.append("shutdown")

    async def answer(self, scope: Message, receive: Any, send: Any) -> None:
        self.log.append(scope["type"])


def served(application: Recorded) -> LifespanApp:
    return LifespanApp(application, lambda: application.answer)


async def lifespan(app: LifespanApp, sent: list[Message]) -> None:
    messages = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> Message:
        return {"type": next(messages)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "lifespan"}, receive, send)


async def test_the_lifespan_starts_and_stops_the_application() -> None:
    application = Recorded()
    sent: list[Message] = []
    await lifespan(served(application), sent)
    assert application.log == ["startup", "shutdown"]
    assert [each["type"] for each in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_the_application_behind_is_known() -> None:
    application = Recorded()
    assert served(application).application is application


async def test_a_failed_start_is_told_to_the_server_with_its_reason() -> None:
    application = Recorded(OSError("no database"))
    sent: list[Message] = []
    with pytest.raises(OSError, match="no database"):
        await lifespan(served(application), sent)
    assert sent == [{"type": "lifespan.startup.failed", "message": "no database"}]
    assert application.log == ["startup", "shutdown"]


async def test_connections_are_handed_to_the_web_bean_with_and_without_lifespan() -> None:
    application = Recorded()
    app = served(application)
    for kind in ("http", "websocket"):
        await app({"type": kind}, None, None)  # type: ignore[arg-type]
    assert application.log == ["http", "websocket"]


async def test_a_lifespan_that_is_cancelled_stops_the_application_too() -> None:
    application = Recorded()
    running = asyncio.Event()
    messages = iter(("lifespan.startup",))

    async def receive() -> Message:
        for kind in messages:
            return {"type": kind}
        running.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None: ...

    task = asyncio.ensure_future(served(application)({"type": "lifespan"}, receive, send))
    await running.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert application.log == ["startup", "shutdown"]


class Indirect:
    """An application that knows who answers its requests."""

    def __init__(self, log: list[str]) -> None:
        self.log = log

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.log.append(f"through {scope['type']}")

    def direct(self) -> Any:
        async def answer(scope: Message, receive: Any, send: Any) -> None:
            self.log.append(f"direct {scope['type']}")

        return answer


class Before:
    """Stands before an application and passes on whatever it is asked for."""

    def __init__(self, app: Indirect) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.app.log.append("before")
        await self.app(scope, receive, send)


async def test_requests_take_the_shorter_way_that_an_application_offers_and_websockets_do_not() -> None:
    log: list[str] = []
    app = LifespanApp(Recorded(), lambda: Indirect(log))
    for kind in ("http", "websocket", "http"):
        await app({"type": kind}, None, None)  # type: ignore[arg-type]
    assert log == ["direct http", "through websocket", "direct http"]


async def test_what_stands_before_an_application_is_not_left_out() -> None:
    log: list[str] = []
    app = LifespanApp(Recorded(), lambda: Before(Indirect(log)))
    await app({"type": "http"}, None, None)  # type: ignore[arg-type]
    assert log == ["before", "through http"]
