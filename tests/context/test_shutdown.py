"""The stop of a context: what is done in which order."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.context import ApplicationEventBus, ContextClosedEvent, app_event_listener, pre_destroy
from pyfly.context.shutdown import teardown_plan
from tests.context.support import context_of


class Pool:
    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    @pre_destroy
    def close(self) -> None: ...


class Service:
    def __init__(self, pool: Pool) -> None: ...

    @pre_destroy
    def close(self) -> None: ...


class Plain: ...


async def test_the_plan_names_dependants_before_what_they_need_and_leaves_out_what_has_nothing_to_do() -> (
    None
):
    async with context_of(Pool, Plain, Service) as context:
        assert context._run is not None
        plan = [(each.definition.name, each.action) for each in teardown_plan(context._run)]
    assert plan == [("Service", "destroyed"), ("Pool", "stopped"), ("Pool", "destroyed")]


async def test_the_closed_event_comes_last_and_a_failing_listener_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log: list[str] = []

    class Listener:
        @app_event_listener
        def closed(self, event: ContextClosedEvent) -> None:
            log.append("closed")
            raise OSError("listener")

        @pre_destroy
        def destroy(self) -> None:
            log.append("destroyed")

    with caplog.at_level(logging.ERROR, "pyfly.context"):
        async with context_of(Listener):
            pass
    assert log == ["destroyed", "closed"]
    assert "ContextClosedEvent could not be delivered." in caplog.text


async def test_a_context_that_never_got_ready_is_not_announced_as_closed() -> None:
    heard: list[Any] = []

    class Broken:
        def __init__(self, bus: ApplicationEventBus) -> None:
            bus.subscribe(ContextClosedEvent, heard.append)
            raise OSError("no")

    with pytest.raises(Exception, match="no"):
        await context_of(Broken).start()
    assert heard == []


async def test_a_cancelled_stop_finishes_its_work_and_stays_cancelled() -> None:
    stopping, go_on = asyncio.Event(), asyncio.Event()
    log: list[str] = []

    class Slow:
        @pre_destroy
        async def close(self) -> None:
            stopping.set()
            await go_on.wait()
            log.append("closed")

    context = context_of(Slow)
    await context.start()
    task = asyncio.ensure_future(context.stop())
    await stopping.wait()
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert log == ["closed"]


class Handler:
    """A scope handler that counts how often it is closed."""

    def __init__(self) -> None:
        self.closed = 0

    def get(self, key: str, create: Callable[[], Any]) -> Any:
        return create()

    async def close(self) -> None:
        self.closed += 1


async def test_scope_handlers_are_closed_once() -> None:
    handler = Handler()
    context = context_of()
    context.container.register_scope("tenant", handler)
    async with context:
        assert handler.closed == 0
    assert handler.closed == 1
