"""T16: a database that crashes and comes back loses nothing that was committed, and its clients recover by themselves."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import pytest

from pyfly.core import PyFlyApplication
from pyfly.data.relational.sqlalchemy import DataSource
from tests.faults.conftest import Tally
from tests.faults.crud_load import Load
from tests.faults.pairs_app import Halves, PairsApplication
from tests.servers.crashing import CrashingPostgres, crashing_postgres

RECOVERY = 5.0
SUCCESS = 0.95
SETTINGS = {
    "data.schema": "create",
    "data.pool.max-size": "10",
    "data.pool.acquire-timeout": "1s",
    "data.pool.connect-timeout": "2s",
    "banner.mode": "OFF",
    "web.access-log.enabled": "false",
}
Fault = Callable[[CrashingPostgres, Load], Awaitable[float]]
"""Harms the server, and returns when it was ready again."""


@pytest.fixture
def server() -> Iterator[CrashingPostgres]:
    with crashing_postgres() as server:
        yield server


@pytest.fixture
async def application(server: CrashingPostgres, tmp_path: Path) -> AsyncIterator[PyFlyApplication]:
    settings = {**SETTINGS, "data.url": server.url}
    arguments = [f"--pyfly.{name}={value}" for name, value in settings.items()]
    application = PyFlyApplication(PairsApplication, tmp_path, args=arguments)
    async with application:
        yield application


async def killed(server: CrashingPostgres, load: Load) -> float:
    """Kill it and all its processes; it has to recover from its log."""
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run(2.0))
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        return time.monotonic()


async def restarted(server: CrashingPostgres, load: Load) -> float:
    """Restart it while its clients are busy."""
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run(2.0))
        await asyncio.to_thread(server.restart_fast)
        await asyncio.to_thread(server.start)
        return time.monotonic()


async def crowded(server: CrashingPostgres, load: Load) -> float:
    """Let others have every connection that the server allows."""
    await load.settle()
    administrator = await asyncpg.connect(server.url)
    await administrator.execute("ALTER SYSTEM SET max_connections = 12")
    await administrator.close()
    await asyncio.to_thread(server.restart_fast)
    await asyncio.to_thread(server.start)
    async with AsyncExitStack() as others:
        while (connection := await connection_to(server)) is not None:
            others.push_async_callback(connection.close)
        before = len(load.outcomes)
        await load.run(1.0)
        assert 503 in {outcome.status for outcome in load.outcomes[before:]}, "the limit was not reached"
    return time.monotonic()


async def connection_to(server: CrashingPostgres) -> asyncpg.Connection | None:
    """Return a connection of our own, or ``None`` when it has no more."""
    try:
        return await asyncpg.connect(server.url)
    except asyncpg.TooManyConnectionsError:
        return None


async def survive(
    application: PyFlyApplication, server: CrashingPostgres, faults: Sequence[Fault], tally: Tally
) -> None:
    transport = httpx.ASGITransport(application.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        load = Load(client)
        await load.run(0.5)
        for fault in faults:
            await recovered(load, await fault(server, load))
        await load.run(0.5)
        await load.settle()
    await check(application, load)
    tally(len(load.outcomes), sum(outcome.status >= 300 for outcome in load.outcomes))


async def recovered(load: Load, ready: float) -> None:
    """Wait until nearly all requests of half a second succeed, among those that were sent since it was ready."""
    while (since := load.recovered_at(ready, SUCCESS)) is None:
        assert time.monotonic() - ready < RECOVERY + 1, "too few requests succeed"
        await load.run(0.5)
    assert since - ready <= RECOVERY


async def check(application: PyFlyApplication, load: Load) -> None:
    stored: dict[int, list[int]] = {}
    for half in await application.context.get_bean(Halves).find_all():
        stored.setdefault(half.id, []).append(half.value)
    assert [*load.wrong(stored)] == []
    assert load.torn == []
    assert load.statuses() <= {200, 204, 503}
    assert len(application.context.get_bean(DataSource).holders) == 0


@pytest.mark.nightly
@pytest.mark.timeout(200)
async def test_crashes_and_restarts_lose_nothing_that_was_committed(
    application: PyFlyApplication, server: CrashingPostgres, tally: Tally
) -> None:
    await survive(application, server, [killed, restarted] * 5 + [crowded], tally)


@pytest.mark.parametrize("fault", [killed, crowded])
async def test_a_crash_loses_nothing_that_was_committed(
    application: PyFlyApplication, server: CrashingPostgres, fault: Fault, tally: Tally
) -> None:
    await survive(application, server, [fault], tally)
