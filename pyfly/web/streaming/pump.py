"""One open stream: a task of its own runs the generator, the task of the request sends what it has made."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from pyfly.kernel.clock import Clock
from pyfly.web.streaming.encoding import HEARTBEAT
from pyfly.web.streaming.gate import Gate
from pyfly.web.streams import OpenStreams

_AHEAD: Final = 64 * 1024


class Pump:
    """Runs a source and keeps what it made until it is taken, at most 64 KB ahead of the client.

    Everything of the handler's runs in one task, from its first line to the ``finally`` of its generator: context
    variables, transactions and cancel scopes behave as in a function.

    Attributes:
        ready: Set when the handler has been called, successfully or not.
        made: Set while there is something to take, or nothing will come any more.
        failure: What the handler or its generator raised.
        is_gone: Whether the client has gone.
    """

    def __init__(self, run: Callable[["Pump"], Awaitable[None]]) -> None:
        """Prepare to run *run*, which sets :attr:`ready` and calls :meth:`put`."""
        self.ready = asyncio.Event()
        self.made = asyncio.Event()
        self.failure: Exception | None = None
        self.is_gone = False
        self._run = run
        self._chunks: list[bytes] = []
        self._size = 0
        self._taken = asyncio.Event()
        self._over = False
        self._ending = False
        self._quiet_since = 0.0
        self._now: Callable[[], float] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, gate: Gate, open_streams: OpenStreams, clock: Clock, heartbeat: float) -> None:
        """Begin to run; after *heartbeat* seconds (0: never) without anything to send, send a comment."""
        self._tasks.append(asyncio.create_task(self._work(open_streams), name="pyfly-stream"))
        self._tasks.append(asyncio.create_task(self._watch(gate), name="pyfly-stream-client"))
        if heartbeat > 0:
            self._now, self._quiet_since = clock.monotonic, clock.monotonic()
            self._tasks.append(asyncio.create_task(self._beat(clock, heartbeat), name="pyfly-heartbeat"))

    async def put(self, chunk: bytes) -> None:
        """Hand over *chunk*; wait while the client is more than 64 KB behind."""
        self._keep(chunk)
        while self._size >= _AHEAD:
            self._taken.clear()
            await self._taken.wait()
        if self._ending:  # for a generator that goes on although it was cancelled
            raise asyncio.CancelledError

    async def take(self) -> bytes | None:
        """Return all that has been made, as soon as there is something; ``None`` at the end.

        Raises:
            Exception: What the source raised, after everything that it made before was taken.
        """
        await self.made.wait()
        chunks, self._chunks, self._size = self._chunks, [], 0
        if not self._over:
            self.made.clear()
        self._taken.set()
        if chunks:
            return b"".join(chunks)
        if self.failure is not None:
            raise self.failure
        return None

    def end(self) -> None:
        """Ask the source to end, once: it may take its time. What it has made can still be taken."""
        if self._ending:
            return
        self._ending = True
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """End the source and return when nothing of it is left."""
        self.end()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _work(self, open_streams: OpenStreams) -> None:
        forget = open_streams.add(self.end)
        try:
            await self._run(self)
        except asyncio.CancelledError:
            if not self._ending:
                raise
        except Exception as failure:  # noqa: BLE001  # raised again by whoever takes
            self.failure = failure
        finally:
            forget()
            self._over = True
            self.ready.set()
            self.made.set()
            for task in self._tasks[1:]:
                task.cancel()

    async def _watch(self, gate: Gate) -> None:
        try:
            await gate.disconnected()
            self.is_gone = True
        except Exception as failure:  # noqa: BLE001  # raised again by whoever takes
            self.failure = failure
        self.end()

    async def _beat(self, clock: Clock, interval: float) -> None:
        while True:
            rest = self._quiet_since + interval - clock.monotonic()
            if rest <= 0:
                if not self._chunks:
                    self._keep(HEARTBEAT)
                self._quiet_since = clock.monotonic()
                rest = interval
            await clock.sleep(rest)

    def _keep(self, chunk: bytes) -> None:
        if self._now is not None:
            self._quiet_since = self._now()
        self._chunks.append(chunk)
        self._size += len(chunk)
        self.made.set()
