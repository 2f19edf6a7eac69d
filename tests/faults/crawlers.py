"""Clients that are slow on purpose, all in one process that does little else, so that what it sees is what happens.

Each is slow on one connection after another. A connection that was closed late is granted what this process and the server
waited for a processor from the limit on.
"""

import asyncio
import json
import select
import socket
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.faults.processors import take_precedence
from tests.faults.waiting import Waiting

ROOT = Path(__file__).parents[2]
HEAD = b"Host: x\r\n"
_SAMPLE = 0.01
_POKE = 0.1
_PATIENCE = 10.0


class Slowness(NamedTuple):
    """A way to be slow: what is sent at first, and then byte by byte; and what the server may answer."""

    name: str
    start: bytes
    drip: bytes = b""
    answers: tuple[str, ...] = ("HTTP/1.1 408 ", "")
    reads: bool = True


UPGRADE = b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
WAYS = (
    Slowness("says nothing", b""),
    Slowness("drips its request line", b"GET /", b"x" * 8_000),
    Slowness("drips headers", b"GET /hello HTTP/1.1\r\n" + HEAD, b"X-A: b\r\n" * 1000),
    Slowness("drips its body", b"POST /size HTTP/1.1\r\n" + HEAD + b"Content-Length: 9000\r\n\r\n", b"x" * 9000),
    Slowness("drips chunks", b"POST /size HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 900),
    Slowness("takes nothing", b"GET /large HTTP/1.1\r\n" + HEAD + b"\r\n", reads=False),
    Slowness("answers no ping", b"GET /echo HTTP/1.1\r\n" + HEAD + UPGRADE + b"\r\n", answers=("HTTP/1.1 101 ",)),
    Slowness("stays after a blank line", b"GET /hello HTTP/1.1\r\n" + HEAD + b"\r\n\r\n", answers=("HTTP/1.1 200 ",)),
)  # fmt: skip


class Setting(NamedTuple):
    """How many are slow at once and how often each, in how many seconds they come, how slow they are, and the limit."""

    slow: int
    rounds: int
    within: float
    every: float
    limit: float


class End(NamedTuple):
    """How a slow connection ended: after how long, how much of that too late, and the beginning of what was answered."""

    way: str
    took: float
    late: float
    answer: str


async def crawl(port: int, server: int, setting: Setting) -> list[End]:
    """Be slow with the process *server*, and return how each connection ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, str(port), str(server), *map(str, setting)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        output, _ = await process.communicate()
        assert process.returncode == 0
        return [End(*each) for each in json.loads(output)]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class _Connection:
    def __init__(self, way: Slowness, port: int, rounds: int) -> None:
        self.way, self.rounds, self.answer, self.sent = way, rounds, b"", 0
        self.socket = socket.socket()
        if not way.reads:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", port))
        self.began = time.monotonic()
        self.socket.setblocking(False)
        self.socket.send(way.start)

    def drip(self) -> None:
        # Without anything more to say, blank lines find out whether anybody is there.
        byte = self.way.drip[self.sent : self.sent + 1] if self.way.drip else b"\r\n"
        self.sent += 1
        with suppress(OSError):
            self.socket.send(byte)

    def has_ended(self) -> bool:
        try:
            while part := self.socket.recv(4096):
                self.answer = self.answer or part
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True


class _Crawlers:
    def __init__(self, port: int, server: int, setting: Setting) -> None:
        self._port, self._setting = port, setting
        self._poll = select.epoll()
        self._open: dict[int, _Connection] = {}
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._waiting = Waiting(server)
        self._samples = [(0.0, 0.0)]
        self._ends: list[tuple[str, float, float, str]] = []

    def run(self) -> list[End]:
        setting, start = self._setting, time.monotonic()
        for number in range(setting.slow):
            way = WAYS[number % len(WAYS)]
            at = start + number * setting.within / setting.slow
            self._at(at, lambda way=way: self._begin(way, setting.rounds))  # type: ignore[misc]
        end = start + setting.within + setting.rounds * setting.limit + _PATIENCE
        while (self._due or self._open) and time.monotonic() < end:
            self._turn()
        for number in [*self._open]:
            self._end(number)
        self._sample()
        return [self._judged(*each) for each in self._ends]

    def _turn(self) -> None:
        wait = self._due[0][0] - time.monotonic() if self._due else _POKE
        for number, _ in self._poll.poll(max(0.0, min(wait, _POKE))):
            connection = self._open[number]
            if not connection.way.reads or connection.has_ended():
                self._end(number)
        self._sample()
        while self._due and self._due[0][0] <= time.monotonic():
            heappop(self._due)[2]()

    def _begin(self, way: Slowness, rounds: int) -> None:
        connection = _Connection(way, self._port, rounds)
        number = connection.socket.fileno()
        self._open[number] = connection
        # Of one that takes nothing, nothing is to be seen but that it is gone.
        self._poll.register(number, select.EPOLLIN if way.reads else 0)
        if way.drip:
            self._drip(connection, number, connection.began + self._setting.every, self._setting.every)
        elif not way.reads:
            self._drip(connection, number, connection.began + max(0.0, self._setting.limit - 1.2), _POKE)

    def _drip(self, connection: _Connection, number: int, at: float, every: float) -> None:
        def drip() -> None:
            if self._open.get(number) is connection:
                connection.drip()
                self._drip(connection, number, at + every, every)

        self._at(at, drip)

    def _end(self, number: int) -> None:
        now = time.monotonic()
        connection = self._open.pop(number)
        self._poll.unregister(number)
        connection.socket.close()
        answer = connection.answer[:13].decode("latin-1")
        self._ends.append((connection.way.name, connection.began, now, answer))
        if connection.rounds > 1:
            self._begin(connection.way, connection.rounds - 1)

    def _at(self, when: float, what: Callable[[], None]) -> None:
        heappush(self._due, (when, next(self._order), what))

    def _sample(self) -> None:
        now = time.monotonic()
        if now - self._samples[-1][0] >= _SAMPLE:
            self._samples.append((now, self._waiting.seconds()))

    def _judged(self, way: str, began: float, ended: float, answer: str) -> End:
        due = began + self._setting.limit
        waited = self._waited(ended, 1) - self._waited(due, 0) if ended > due else 0.0
        return End(way, ended - began, ended - due - waited, answer)

    def _waited(self, when: float, after: int) -> float:
        at = bisect_right(self._samples, (when, float("inf"))) - 1 + after
        return self._samples[min(at, len(self._samples) - 1)][1]


def main(port: str, server: str, setting: Sequence[str]) -> None:
    """Be slow, and print how each connection ended."""
    take_precedence(processor=1)
    slow, rounds, within, every, limit = setting
    said = Setting(int(slow), int(rounds), float(within), float(every), float(limit))
    json.dump(_Crawlers(int(port), int(server), said).run(), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
