import asyncio

import pytest

from pyfly.core.asgi import Message, Receive, Send
from pyfly.core.lifespan import LifespanError, lifespan


class App:
    """An ASGI application that notes what it is told, and fails where it is told to."""

    def __init__(self, fails: str = "") -> None:
        self.heard: list[str] = []
        self.fails = fails

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            self.heard.append(f"{scope['type']} {scope['state']}")
            return
        scope["state"]["pool"] = 5
        for phase in ("startup", "shutdown"):
            self.heard.append((await receive())["type"])
            if phase == self.fails:
                await send({"type": f"lifespan.{phase}.failed", "message": "no"})
                raise RuntimeError(phase)
            await send({"type": f"lifespan.{phase}.complete"})


async def test_an_application_is_started_and_stopped_and_its_state_reaches_requests() -> None:
    app = App()
    async with lifespan(app) as target:
        await target({"type": "http"}, _never, _ignore)
    assert app.heard == ["lifespan.startup", "http {'pool': 5}", "lifespan.shutdown"]


@pytest.mark.parametrize("phase", ["startup", "shutdown"])
async def test_a_failure_is_raised_with_its_cause(phase: str) -> None:
    with pytest.raises(LifespanError, match="no") as caught:
        async with lifespan(App(fails=phase)):
            pass
    assert repr(caught.value.__cause__) == f"RuntimeError({phase!r})"


async def test_an_application_that_knows_no_lifespan_is_served_as_it_is() -> None:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        raise AssertionError(scope["type"])

    async with lifespan(app) as target:
        assert target is app


async def test_a_start_that_is_interrupted_is_cancelled_and_waited_for() -> None:
    heard: list[str] = []
    starting = asyncio.Event()

    async def app(scope: Message, receive: Receive, send: Send) -> None:
        starting.set()
        try:
            await asyncio.Event().wait()
        finally:
            heard.append("undone")

    async def run() -> None:
        async with lifespan(app):
            raise AssertionError

    task = asyncio.ensure_future(run())
    await starting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard == ["undone"]


async def _never() -> Message:
    raise AssertionError


async def _ignore(message: Message) -> None: ...
