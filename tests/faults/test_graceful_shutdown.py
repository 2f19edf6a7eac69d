"""T05: an application under load is told to stop at random moments; no request that fits in the limit is lost."""

import asyncio
import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.faults.processes import running
from tests.faults.processors import take_precedence
from tests.servers.process import free_port

pytestmark = pytest.mark.timed

ROOT = Path(__file__).parents[2]
CONNECTIONS = 50
RATE = 200
NEVER = float("inf")


class Case(NamedTuple):
    """When the signals come, and what they are."""

    moment: float
    limit: float
    slowest: float
    signals: Sequence[signal.Signals] = (signal.SIGTERM,)
    workers: int = 1


class Load:
    """What clients saw. A request counts if it was sent before the signal."""

    def __init__(self, port: int, case: Case, rng: random.Random) -> None:
        self.port, self.case, self.rng = port, case, rng
        self.told = NEVER
        self.lost: list[str] = []
        self.answered = 0
        self.refused = 0
        self.ends: list[object] = []

    async def request(self, milliseconds: int) -> None:
        """Send one request on a connection of its own."""
        sent = NEVER
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(_get(f"/slow/{milliseconds}"))
            sent = time.monotonic()
            await self.answer(reader, sent)
            writer.close()
        except OSError as error:
            self.failed(sent, repr(error))

    async def keep_alive(self) -> None:
        """Send one request after the other until the connection is closed."""
        sent = NEVER
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            while True:
                writer.write(_get("/slow/20"))
                sent = time.monotonic()
                if await self.answer(reader, sent):
                    break
            writer.close()
        except OSError as error:
            self.failed(sent, repr(error))

    async def answer(self, reader: asyncio.StreamReader, sent: float) -> bool:
        """Read an answer, and return whether the server closes the connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(6) if b" 200 " in head else b""
        except asyncio.IncompleteReadError:
            self.failed(sent, "no answer")
            return True
        if body == b'"done"':
            self.answered += 1
        elif b" 503 " not in head or b"connection: close" not in head:
            self.failed(sent, head.decode())
        return b"connection: close" in head

    def failed(self, sent: float, why: str) -> None:
        """Note a request without an answer."""
        if sent < self.told:
            self.lost.append(why)
        else:
            self.refused += 1

    async def events(self) -> None:
        """Read a stream to its end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(_get("/events"))
        with suppress(OSError):
            self.ends.append((await reader.read()).endswith(b"\r\n0\r\n\r\n"))
        writer.close()

    async def websocket(self) -> None:
        """Talk until the server closes."""
        async with connect(f"ws://127.0.0.1:{self.port}/echo") as connection:
            with suppress(ConnectionClosed):
                while True:
                    await connection.recv()
            self.ends.append(connection.close_code)

    async def open_rate(self) -> None:
        """Open new connections until the end of the test."""
        async with asyncio.TaskGroup() as requests:
            while self.told == NEVER or time.monotonic() < self.told + 0.3:
                requests.create_task(self.request(10))
                await asyncio.sleep(1 / RATE)


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


async def stopped(case: Case, seed: int) -> Load:
    """Run one case and check how the process ended."""
    rng = random.Random(seed)
    port = free_port()
    load = Load(port, case, rng)
    settings = {
        "shutdown-timeout": f"{case.limit}s",
        "workers": str(case.workers),
        "access-log.enabled": "false",
    }
    module = "tests.faults.shutdown_app"
    async with running(module, port, settings, "/slow/0") as process, asyncio.TaskGroup() as clients:
        take_precedence(process.pid)
        for _ in range(CONNECTIONS):
            clients.create_task(load.request(rng.randrange(100, int(case.slowest * 1000))))
        for client in (load.keep_alive, load.keep_alive, load.events, load.websocket, load.open_rate):
            clients.create_task(client())
        await asyncio.sleep(case.moment)
        load.told = began = time.monotonic()
        for number in case.signals:
            process.send_signal(number)
            await asyncio.sleep(0.1)
        code = await asyncio.wait_for(process.wait(), case.limit + 5)
        took = time.monotonic() - began
    assert code == 0
    assert took <= (case.limit if len(case.signals) == 1 else 0.5) + 1
    return load


def _cases(count: int, limit: float, slowest: float) -> list[Any]:
    rng = random.Random(5)
    signals = [signal.SIGTERM, signal.SIGINT]
    return [
        pytest.param(
            Case(rng.uniform(0.05, 1.5), limit, slowest, (signals[number % 2],), 1 + number % 3 // 2), number
        )
        for number in range(count)
    ]


async def check(case: Case, seed: int) -> None:
    load = await stopped(case, seed)
    assert load.lost == []
    assert load.answered >= CONNECTIONS
    assert load.refused > 0
    assert sorted(map(str, load.ends)) == ["1001", "True"]


@pytest.mark.parametrize(("case", "seed"), _cases(3, 2, 0.8))
async def test_no_request_that_fits_in_the_limit_is_lost(case: Case, seed: int) -> None:
    await check(case, seed)


@pytest.mark.nightly
@pytest.mark.parametrize(("case", "seed"), _cases(30, 5, 3.0))
async def test_no_request_is_lost_at_thirty_moments(case: Case, seed: int) -> None:
    await check(case, seed)


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_second_signal_does_not_wait(workers: int) -> None:
    await stopped(Case(0.3, 10, 9.0, (signal.SIGTERM, signal.SIGTERM), workers), 1)


async def test_what_does_not_fit_in_the_limit_is_given_up_in_time() -> None:
    load = await stopped(Case(0.3, 1, 20.0), 2)
    assert load.lost
