"""So many calls in a period, with bursts."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from pyfly.kernel.clock import Clock
from pyfly.resilience.deadline import remaining_or
from pyfly.resilience.decorating import Decorator, decorator
from pyfly.resilience.durations import Duration, at_least, seconds
from pyfly.resilience.limiter import Key, KeyedRateLimiter, Limiter
from pyfly.resilience.policy import Function, Policy, monotonic_of
from pyfly.resilience.records import Adapt, unchanged
from pyfly.resilience.waiting import TaskTicket, ThreadTicket, Ticket

_NEVER: Final = float("inf")
_ROUNDING: Final = 1e-9  # seconds by which who comes back when told may be early without being refused


class RateLimiter(Limiter):
    """A bucket that holds *max_tokens*, is full at first and gets *refill_rate* tokens a second.

    A call takes one. Without any left it is refused or, with *max_wait*, waits in line for one if
    that comes soon enough: first come, first served, tasks and threads alike.
    """

    def __init__(
        self,
        max_tokens: float = 10,
        refill_rate: float = 10.0,
        *,
        max_wait: Duration = 0.0,
        max_keys: int = 10_000,
        name: str = "",
        clock: Clock | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Start with a full bucket.

        Args:
            max_tokens: The size of the bucket: how many calls may come at once.
            refill_rate: The tokens it gets a second; 0 never refills it.
            max_wait: How long a call may wait for its token.
            max_keys: How many buckets :meth:`of` remembers; full ones are forgotten first.
            name: What the policy is called.
            clock: Replaces the clock of the machine.
            pause: How a thread waits.
        """
        super().__init__(name, clock)
        at_least(1, max_tokens, "max_tokens")
        at_least(0, refill_rate, "refill_rate")
        at_least(1, max_keys, "max_keys")
        self.max_tokens, self.refill_rate = max_tokens, float(refill_rate)
        self._max_wait = seconds(max_wait, "max_wait")
        self._max_keys, self._pause = max_keys, pause
        # The bucket is one number, the moment at which it will be full: each token taken puts it off by the
        # time that a token takes to come. Where none ever comes, time stands still, and that time is 1.
        self._now = monotonic_of(self.clock) if refill_rate else _standstill
        self._interval = 1.0 / refill_rate if refill_rate else 1.0
        self._span = max_tokens * self._interval + _ROUNDING
        self._full_at = 0.0
        self._queue: OrderedDict[Ticket, None] = OrderedDict()
        self._by_key: OrderedDict[Hashable, RateLimiter] = OrderedDict()

    @property
    def available_tokens(self) -> float:
        """How many tokens are in the bucket now."""
        with self._lock:
            return self._level()

    @property
    def is_idle(self) -> bool:
        """Whether the bucket is full and nobody waits."""
        return not self._queue and self._level() >= self.max_tokens

    async def acquire(self) -> None:
        """Take a token, waiting for it as long as ``max_wait`` and the current deadline allow.

        Raises:
            RateLimitException: There is none; ``context["retry_after"]`` says when there will be.
        """
        if self.try_acquire():
            return
        ticket = TaskTicket()
        self._line_up(ticket)
        try:
            while (delay := self._step(ticket)) != 0:
                await (ticket.wait() if delay is None else self.clock.sleep(delay))
        except BaseException:
            self._give_up(ticket)
            raise

    def acquire_sync(self) -> None:
        """Take a token as :meth:`acquire` does, blocking the thread while it waits."""
        if self.try_acquire():
            return
        ticket = ThreadTicket()
        self._line_up(ticket)
        try:
            while (delay := self._step(ticket)) != 0:
                if delay is None:
                    ticket.wait()
                else:
                    self._pause(delay)
        except BaseException:
            self._give_up(ticket)
            raise

    def try_acquire(self) -> bool:
        """Take a token if there is one and nobody is waiting for it. Return whether it was taken."""
        with self._lock:
            if self._queue:
                return False
            now = self._now()
            full_at = self._full_at
            if full_at < now:  # noqa: PLR1730  # max() costs as much as the rest
                full_at = now
            full_at += self._interval
            if full_at - now > self._span:
                return False
            self._full_at = full_at
            return True

    def of(self, key: Hashable) -> RateLimiter:
        """Return the bucket of *key*, which has the same settings as this one and its own tokens."""
        with self._lock:
            found = self._by_key.get(key)
            if found is None:
                found = self._by_key[key] = self._sibling(key)
                if len(self._by_key) > self._max_keys:
                    self._forget_one()
            self._by_key.move_to_end(key)
            return found

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that takes a token before it calls *function*."""
        take, wait = self.try_acquire, self.acquire_sync

        def limited(*args: Any, **kwargs: Any) -> Any:
            if not take():
                wait()
            return function(*args, **kwargs)

        return limited

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that takes a token before it awaits *function*."""
        take, wait = self.try_acquire, self.acquire

        async def limited(*args: Any, **kwargs: Any) -> Any:
            if not take():
                await wait()
            return await function(*args, **kwargs)

        return limited

    def snapshot(self) -> Mapping[str, Any]:
        """Return how many tokens there are and how many wait for one."""
        level, keys = self.available_tokens, len(self._by_key)
        state = {"available_tokens": level, "max_tokens": self.max_tokens, "waiting": len(self._queue)}
        return {**super().snapshot(), **state, "keys": keys}

    def _level(self) -> float:
        return max(self.max_tokens - max(self._full_at - self._now(), 0.0) / self._interval, 0.0)

    def _due_in(self, position: int, now: float) -> float:
        """Return the seconds until there is a token for the one at *position* of the queue."""
        missing = max(self._full_at, now) + position * self._interval - now - self._span
        if missing <= 0:
            return 0.0
        return missing + _ROUNDING if self.refill_rate else _NEVER

    def _line_up(self, ticket: Ticket) -> None:
        limit = remaining_or(self._max_wait)
        with self._lock:
            due_in = self._due_in(len(self._queue) + 1, self._now())
            if due_in <= limit:
                self._queue[ticket] = None
                return
        self._refuse(None if due_in == _NEVER else due_in)

    def _step(self, ticket: Ticket) -> float | None:
        """Take a token for *ticket* if it is first and there is one; return 0 then.

        Otherwise return how long the first has to wait, or ``None`` for one who is not first and
        will be woken when it is.
        """
        with self._lock:
            if next(iter(self._queue)) is not ticket:
                return None
            now = self._now()
            if due_in := self._due_in(1, now):
                return due_in
            self._full_at = max(self._full_at, now) + self._interval
            self._queue.popitem(last=False)
            self._wake_first()
            return 0

    def _give_up(self, ticket: Ticket) -> None:
        with self._lock:
            if ticket in self._queue:
                was_first = next(iter(self._queue)) is ticket
                del self._queue[ticket]
                if was_first:
                    self._wake_first()

    def _wake_first(self) -> None:
        while self._queue and not next(iter(self._queue)).wake():
            self._queue.popitem(last=False)

    def _sibling(self, key: Hashable) -> RateLimiter:
        sibling = RateLimiter(
            self.max_tokens,
            self.refill_rate,
            max_wait=self._max_wait,
            name=f"{self.name}[{key}]",
            clock=self.clock,
            pause=self._pause,
        )
        sibling._emit = self._emit  # type: ignore[method-assign]  # told and counted as of the policy itself
        return sibling

    def _forget_one(self) -> None:
        # A bucket that is full again is like a new one, so nobody gains by its being forgotten.
        oldest = iter(self._by_key.items())
        spare = next((key for key, each in oldest if each.is_idle), next(iter(self._by_key)))
        del self._by_key[spare]


def _standstill() -> float:
    return 0.0


def rate_limiter(
    policy: Limiter | str | None = None, *, key: Key | None = None, **settings: Any
) -> Decorator:
    """Allow so many calls in a period: by *policy*, or by settings as :class:`RateLimiter` takes them.

    With *key*, a function that is given the arguments of a call, each key has a limit of its own.
    """
    adapt = unchanged if key is None else _keyed(key)
    made: Decorator = decorator(RateLimiter, policy, settings, adapt=adapt)
    return made


def _keyed(key: Key) -> Adapt:
    def adapt(policy: Policy) -> Policy:
        if not isinstance(policy, Limiter):
            raise TypeError(f"{policy!r} has no limits by key")
        return KeyedRateLimiter(policy, key)

    return adapt
