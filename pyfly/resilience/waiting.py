"""Those who wait for a permit: tasks and threads in one queue, first come first served."""

from __future__ import annotations

import asyncio
from threading import Event


class Ticket:
    """Somebody's place in a queue. What it says is read and written under the lock of the queue's owner."""

    __slots__ = ("granted",)

    def __init__(self) -> None:
        """Start waiting."""
        self.granted = False

    def wake(self) -> bool:
        """Let the owner go on. Return false when nobody is there any more to do so."""
        raise NotImplementedError


class ThreadTicket(Ticket):
    """A thread that waits."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        """Start waiting."""
        super().__init__()
        self._event = Event()

    def wake(self) -> bool:
        """Let the thread go on."""
        self._event.set()
        return True

    def wait(self, timeout: float | None = None) -> None:
        """Return when woken, or after *timeout* seconds."""
        self._event.wait(timeout)


class TaskTicket(Ticket):
    """A task that waits, in whichever loop it runs."""

    __slots__ = ("_loop", "_woken")

    def __init__(self) -> None:
        """Start waiting in the running loop."""
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._woken: asyncio.Future[None] = self._loop.create_future()

    def wake(self) -> bool:
        """Let the task go on, from any thread."""
        try:
            self._loop.call_soon_threadsafe(self._settle)
        except RuntimeError:  # its loop has been closed
            return False
        return True

    async def wait(self) -> None:
        """Return when woken."""
        await self._woken

    def _settle(self) -> None:
        if not self._woken.done():
            self._woken.set_result(None)
