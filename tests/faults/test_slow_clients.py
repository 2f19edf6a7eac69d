"""T21: clients that are slow on purpose are given up in time, and the others do not notice."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

import pytest

from tests.faults.conftest import Tally
from tests.faults.processes import running
from tests.servers.process import free_port
from tests.web.served import eventually

HEAD = b"Host: x\r\n"
TOLERANCE = 1.3


class Slowness(NamedTuple):
    """A way to be slow: what is sent at first, and then byte by byte; and what the server may answer."""

    name: str
    start: bytes
    drip: bytes = b""
    answers: tuple[bytes, ...] = (b"HTTP/1.1 408 ", b"")
    reads: bool = True


UPGRADE = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
WAYS = (
    Slowness("says nothing", b""),
    Slowness("drips its request line", b"GET /", b"x" * 8_000),
    Slowness("drips headers", b"GET /hello HTTP/1.1\r\n" + HEAD, b"X-A: b\r\n" * 1000),
    Slowness("drips its body", b"POST /size HTTP/1.1\r\n" + HEAD + b"Content-Length: 9000\r\n\r\n", b"x" * 9000),
    Slowness("drips chunks", b"POST /size HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 900),
    Slowness("takes nothing", b"GET /large HTTP/1.1\r\n" + HEAD + b"\r\n", reads=False),
    Slowness("answers no ping", b"GET /echo HTTP/1.1\r\n" + HEAD + UPGRADE + b"\r\n", answers=(b"HTTP/1.1 101 ",)),
    Slowness("stays after a blank line", b"GET /hello HTTP/1.1\r\n" + HEAD + b"\r\n\r\n", answers=(b"HTTP/1.1 200 ",)),
)  # fmt: skip


class Setting(NamedTuple):
    """How many are slow, how slow, and the limit."""

    slow: int
    every: float
    limit: float
    rate: int


async def crawl(where: SplitResult, way: Slowness, setting: Setting) -> tuple[str, float, bytes]:
    """Be slow until the server has had enough, and return how long that took."""
    reader, writer = await asyncio.open_connection(where.hostname, where.port, limit=1024)
    began = time.monotonic()
    writer.write(way.start)
    dripping = asyncio.create_task(_drip(writer, way.drip, setting.every))
    answer = b""
    if way.reads:
        with suppress(OSError):
            while part := await reader.read(1000):
                answer = answer or part
    else:
        # What has been taken by then is in buffers of the kernel: the end is seen by writing.
        with suppress(OSError):
            while not writer.transport.is_closing():
                await asyncio.sleep(0.05)
                writer.write(b"\r\n")
                await writer.drain()
    took = time.monotonic() - began
    dripping.cancel()
    writer.transport.abort()
    return way.name, took, answer[:13]


async def _drip(writer: asyncio.StreamWriter, data: bytes, every: float) -> None:
    with suppress(OSError):
        for byte in data:
            await asyncio.sleep(every)
            writer.write(bytes([byte]))
            await writer.drain()


async def latency(where: SplitResult) -> float:
    """Send one good request on a connection of its own, and return the seconds that it took."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(b"GET /hello HTTP/1.1\r\nConnection: close\r\n" + HEAD + b"\r\n")
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:100]
    return time.perf_counter() - began


async def good_requests(where: SplitResult, rate: int, until: Callable[[], bool]) -> list[float]:
    """Send good requests at an open rate and return what they took."""
    tasks: list[asyncio.Task[float]] = []
    while not until():  # an open rate
        tasks.append(asyncio.create_task(latency(where)))
        await asyncio.sleep(1 / rate)
    return await asyncio.gather(*tasks)


async def run(setting: Setting) -> tuple[list[float], list[float], list[Any]]:
    """Return the latencies of good requests without and with slow clients, and how those ended."""
    limit = f"{setting.limit}s"
    half = f"{setting.limit / 2}s"
    names = ("header-timeout", "body-timeout", "write-timeout", "keep-alive")
    settings = {
        "access-log.enabled": "false",
        **{f"connections.{name}": limit for name in names},
        "connections.body-rate": "1MB",
        "websocket.ping-interval": half,
        "websocket.ping-timeout": half,
    }
    port = free_port()
    where = urlsplit(f"http://127.0.0.1:{port}")
    async with running("tests.faults.slow_app", port, settings, "/hello") as process:
        end = time.monotonic() + 1
        idle = await good_requests(where, setting.rate, lambda: time.monotonic() > end)
        descriptors = _descriptors(process.pid)
        slow = [
            asyncio.create_task(crawl(where, WAYS[number % len(WAYS)], setting))
            for number in range(setting.slow)
        ]
        busy = await good_requests(where, setting.rate, lambda: all(task.done() for task in slow))
        ends = [task.result() for task in slow]
        await eventually(lambda: _descriptors(process.pid) <= descriptors)
    return idle, busy, ends


def _descriptors(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208  # names are enough


def check(ends: list[tuple[str, float, bytes]], limit: float, tolerance: float = TOLERANCE) -> None:
    ways = {way.name: way for way in WAYS}
    wrong = [
        (name, round(took, 2), answer)
        for name, took, answer in ends
        if not (limit * 0.9 <= took <= limit + tolerance)
        or not any(map(answer.startswith, ways[name].answers))
    ]
    assert not wrong, wrong[:20]


async def test_slow_clients_are_given_up_and_good_ones_served(tally: Tally) -> None:
    setting = Setting(slow=4 * len(WAYS), every=0.05, limit=0.6, rate=50)
    _, busy, ends = await run(setting)
    check(ends, setting.limit)
    tally(len(busy), len(ends))


@pytest.mark.nightly
@pytest.mark.timeout(120)
async def test_a_thousand_slow_clients_do_not_slow_good_ones_down(tally: Tally) -> None:
    setting = Setting(slow=1000, every=1, limit=5, rate=100)
    idle, busy, ends = await run(setting)
    check(ends, setting.limit, 2)  # a thousand handshakes take their time as well
    tally(len(busy), len(ends))
    # What a thousand connections cost the client itself is granted.
    assert _p99(busy) <= 2 * _p99(idle) + 0.05


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]
