"""So many calls at once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import BulkheadException
from pyfly.resilience.deadline import remaining_or
from pyfly.resilience.decorating import Decorator, decorator
from pyfly.resilience.durations import Duration, at_least, seconds
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy
from pyfly.resilience.waiting import TaskTicket, ThreadTicket, Ticket


class Bulkhead(Policy):
    """Lets *max_concurrent* calls run at once, those of tasks and threads counted together.

    One more is refused at once or, with *max_wait*, waits in line for a slot: first come, first
    served. A slot goes from one hand to the next, so nobody can jump the queue.
    """

    kind: ClassVar = PolicyKind.BULKHEAD

    def __init__(
        self,
        max_concurrent: int = 10,
        *,
        max_wait: Duration = 0.0,
        max_queue: int | None = None,
        name: str = "",
        clock: Clock | None = None,
    ) -> None:
        """Start with every slot free.

        Args:
            max_concurrent: How many calls may run at once.
            max_wait: How long a call may wait for a slot.
            max_queue: How many may wait; ``None`` for any number.
            name: What the policy is called.
            clock: Replaces the clock of the machine, for tasks that wait.
        """
        super().__init__(name, clock)
        at_least(1, max_concurrent, "max_concurrent")
        at_least(0, max_queue or 0, "max_queue")
        self._max_concurrent = max_concurrent
        self._max_wait = seconds(max_wait, "max_wait")
        self._max_queue = max_queue
        self._active = 0
        self._queue: OrderedDict[Ticket, None] = OrderedDict()

    @property
    def max_concurrent(self) -> int:
        """How many calls may run at once."""
        return self._max_concurrent

    @property
    def available_slots(self) -> int:
        """How many slots are free now."""
        return self._max_concurrent - self._active

    async def acquire(self) -> None:
        """Take a slot, waiting for it as long as ``max_wait`` and the current deadline allow.

        Raises:
            BulkheadException: There is none.
        """
        if self.try_acquire():
            return
        limit = remaining_or(self._max_wait)
        if not self._line_up(ticket := TaskTicket(), limit):
            return
        timer = asyncio.ensure_future(self._expire(ticket, limit))
        try:
            await ticket.wait()
        except BaseException:
            self._give_back(ticket)
            raise
        finally:
            timer.cancel()
        if not ticket.granted:
            self._reject()

    def acquire_sync(self) -> None:
        """Take a slot as :meth:`acquire` does, blocking the thread while it waits."""
        if self.try_acquire():
            return
        limit = remaining_or(self._max_wait)
        if not self._line_up(ticket := ThreadTicket(), limit):
            return
        try:
            ticket.wait(limit)
        except BaseException:
            self._give_back(ticket)
            raise
        if not self._is_granted(ticket):
            self._reject()

    def try_acquire(self) -> bool:
        """Take a slot if one is free and nobody is waiting for it. Return whether it was taken."""
        with self._lock:
            if self._active >= self._max_concurrent or self._queue:
                return False
            self._active += 1
            return True

    def release(self) -> None:
        """Give a slot back; whoever waits longest gets it.

        Raises:
            RuntimeError: None was taken.
        """
        with self._lock:
            if self._active == 0:
                raise RuntimeError("A slot of the bulkhead was released that nobody had acquired")
            self._hand_on()

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that holds a slot while it calls *function*."""

        def limited(*args: Any, **kwargs: Any) -> Any:
            if not self.try_acquire():
                self.acquire_sync()
            try:
                return function(*args, **kwargs)
            finally:
                self.release()

        return limited

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that holds a slot while it awaits *function*."""

        async def limited(*args: Any, **kwargs: Any) -> Any:
            if not self.try_acquire():
                await self.acquire()
            try:
                return await function(*args, **kwargs)
            finally:
                self.release()

        return limited

    def snapshot(self) -> Mapping[str, Any]:
        """Return how many slots are free and how many calls wait for one."""
        state = {"available_slots": self.available_slots, "max_concurrent": self._max_concurrent}
        return {**super().snapshot(), **state, "waiting": len(self._queue)}

    def _line_up(self, ticket: Ticket, limit: float) -> bool:
        """Take a slot that has become free (false), or a place in the queue (true)."""
        with self._lock:
            if self._active < self._max_concurrent and not self._queue:
                self._active += 1
                return False
            is_full = self._max_queue is not None and len(self._queue) >= self._max_queue
            if limit > 0 and not is_full:
                self._queue[ticket] = None
                return True
        self._reject()
        raise AssertionError  # pragma: no cover  # _reject raises

    def _hand_on(self) -> None:
        while self._queue:
            ticket, _ = self._queue.popitem(last=False)
            ticket.granted = True
            if ticket.wake():
                return
        self._active -= 1

    def _give_back(self, ticket: Ticket) -> None:
        with self._lock:
            if ticket.granted:
                self._hand_on()
            else:
                self._queue.pop(ticket, None)

    def _is_granted(self, ticket: Ticket) -> bool:
        with self._lock:
            self._queue.pop(ticket, None)
            return ticket.granted

    async def _expire(self, ticket: Ticket, limit: float) -> None:
        with suppress(asyncio.CancelledError):
            await self.clock.sleep(limit)
            if not self._is_granted(ticket):
                ticket.wake()

    def _reject(self) -> None:
        self._emit(EventType.REJECTED, waiting=len(self._queue))
        raise BulkheadException(
            f"Bulkhead at capacity ({self._max_concurrent} concurrent calls)", context={"policy": self.name}
        )


def bulkhead(policy: Bulkhead | str | None = None, **settings: Any) -> Decorator:
    """Allow so many calls at once: by *policy*, or by settings as :class:`Bulkhead` takes them."""
    made: Decorator = decorator(Bulkhead, policy, settings)
    return made
