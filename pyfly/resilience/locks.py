"""Work that only one at a time may do, be it among tasks or among machines."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import random
from typing import Final
from uuid import uuid4

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import InfrastructureException, LockedResourceException
from pyfly.resilience.deadline import remaining_or
from pyfly.resilience.durations import Duration, seconds
from pyfly.resilience.policy import SYSTEM_CLOCK
from pyfly.resilience.ports.outbound import LockStore, StoreUnavailableError

_log: Final = logging.getLogger("pyfly.resilience")
_SHORTEST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.5
_SAFE: Final = 0.9  # the share of its time after which a lock that was not renewed counts as lost


class LockLostError(InfrastructureException):
    """A lock ended before the work that it was for: its store has forgotten it, or could not be asked in time."""


class Lease:
    """A lock that is held. It is renewed until it is released or lost.

    Attributes:
        name: What is locked.
        fencing: A number higher than that of every holder before. Whoever the work writes to can refuse
            writes with a lower number than it has seen: those of a holder that was suspended for longer than
            its lock lasted, and does not know.
    """

    def __init__(
        self, store: LockStore, name: str, token: str, *, fencing: int, ttl: float, since: float, clock: Clock
    ) -> None:
        """Hold what *token* has acquired, which was asked for at *since*; :class:`Locks` makes these."""
        self.name, self.fencing = name, fencing
        self._store, self._token, self._ttl, self._clock = store, token, ttl, clock
        self._until = since + _SAFE * ttl
        self._is_lost = self._is_released = False
        self._told: list[Callable[[], object]] = []
        self._renewal: asyncio.Task[None] | None = None

    @property
    def lost(self) -> bool:
        """Whether somebody else may hold the lock although this has not been released."""
        return self._is_lost or (not self._is_released and self._clock.monotonic() >= self._until)

    def check(self) -> None:
        """Do nothing while the lock is held: to be called before each step that must not be done twice.

        Raises:
            LockLostError: It is not.
        """
        if self.lost or self._is_released:
            raise LockLostError(f"The lock '{self.name}' is not held any more", context={"lock": self.name})

    def when_lost(self, callback: Callable[[], object]) -> None:
        """Call *callback* in the loop of the holder when the lock is lost, at once if it is."""
        if self._is_lost:
            callback()
        else:
            self._told.append(callback)

    async def release(self) -> bool:
        """Free the lock, unless it has been lost. Return whether it was held until now.

        A store that does not answer is logged: the lock ends by itself.
        """
        self._is_lost, self._is_released = self.lost, True
        await self._end_renewal()
        try:
            return await self._store.release(self.name, self._token)
        except StoreUnavailableError as failure:
            _log.warning(
                "The lock '%s' could not be released and ends in %g s: %s", self.name, self._ttl, failure
            )
            return False

    def keep(self) -> None:
        """Renew the lock from now on, in a task of its own."""
        self._renewal = asyncio.get_running_loop().create_task(self._keep(), name=f"lock {self.name}")

    async def _keep(self) -> None:
        pause = self._ttl / 3
        while not self.lost:
            await self._clock.sleep(min(pause, max(self._until - self._clock.monotonic(), 0.0)))
            asked_at = self._clock.monotonic()
            answer = await self._renewed(self._until - asked_at)
            if answer is False:
                break
            if answer:
                self._until = asked_at + _SAFE * self._ttl
            pause = self._ttl / (3 if answer else 12)
        self._lose()

    async def _renewed(self, limit: float) -> bool | None:
        """Return whether the store lets the lock go on, or ``None`` when it has not said so in time."""
        try:
            async with asyncio.timeout(limit):
                return await self._store.renew(self.name, self._token, self._ttl)
        except (StoreUnavailableError, TimeoutError) as failure:
            _log.warning("The lock '%s' could not be renewed: %s", self.name, failure)
            return None

    def _lose(self) -> None:
        self._is_lost = True
        _log.error("The lock '%s' was lost before it was released", self.name)
        for callback in self._told:
            callback()

    async def _end_renewal(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.wait({self._renewal})
            self._renewal = None


class Locks:
    """Locks by name. Each acquisition is on its own: the same task asking twice waits for itself.

    A lock lasts for *ttl* and is renewed meanwhile, so a holder that dies blocks nobody for longer than
    that. One that is suspended for longer finds out when it goes on; its writes are refused by
    :attr:`Lease.fencing`.
    """

    def __init__(
        self, store: LockStore, *, ttl: Duration = "30s", max_wait: Duration = 0.0, clock: Clock | None = None
    ) -> None:
        """Keep locks in *store*.

        Args:
            store: Where they are.
            ttl: How long a lock lasts when nobody renews it.
            max_wait: How long to wait for one that somebody else holds.
            clock: Replaces the clock of the machine.
        """
        self._store = store
        self._ttl, self._max_wait = _positive(ttl), seconds(max_wait, "max_wait")
        self._clock: Clock = clock if clock is not None else SYSTEM_CLOCK

    @asynccontextmanager
    async def hold(
        self,
        name: str,
        *,
        ttl: Duration | None = None,
        max_wait: Duration | None = None,
        interrupt: bool = True,
    ) -> AsyncIterator[Lease]:
        """Hold the lock *name* in the block.

        Args:
            name: What to lock.
            ttl: How long it lasts when it cannot be renewed.
            max_wait: How long to wait for it.
            interrupt: Cancel the block when the lock is lost. Without it, the block has to ask
                :meth:`Lease.check`.

        Raises:
            LockedResourceException: Somebody else holds it.
            LockLostError: It was lost before the block had ended.
            StoreUnavailableError: The store does not answer.
        """
        lease, loop = await self.acquire(name, ttl=ttl, max_wait=max_wait), asyncio.get_running_loop()
        scope = asyncio.timeout(None)
        try:
            async with scope:
                if interrupt:
                    lease.when_lost(lambda: scope.reschedule(loop.time()))
                yield lease
                if interrupt:
                    lease.check()
        except TimeoutError:
            if not scope.expired():
                raise
            raise LockLostError(f"The lock '{name}' was lost", context={"lock": name}) from None
        finally:
            await lease.release()

    async def acquire(
        self, name: str, *, ttl: Duration | None = None, max_wait: Duration | None = None
    ) -> Lease:
        """Return the lock *name*, which is to be released.

        Raises:
            LockedResourceException: Somebody else holds it, for longer than *max_wait* or the current deadline.
            StoreUnavailableError: The store does not answer.
        """
        limit = remaining_or(self._max_wait if max_wait is None else seconds(max_wait, "max_wait"))
        give_up_at, pause = self._clock.monotonic() + limit, _SHORTEST_PAUSE
        while (lease := await self.try_acquire(name, ttl=ttl)) is None:
            left = give_up_at - self._clock.monotonic()
            if left <= 0:
                raise LockedResourceException(
                    f"The lock '{name}' is held by somebody else", context={"lock": name}
                )
            await self._clock.sleep(min(pause * (0.5 + random()), left))  # noqa: S311
            pause = min(2 * pause, _LONGEST_PAUSE)
        return lease

    async def try_acquire(self, name: str, *, ttl: Duration | None = None) -> Lease | None:
        """Return the lock *name*, which is to be released, or ``None`` when somebody else holds it.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        lasts, token = self._ttl if ttl is None else _positive(ttl), uuid4().hex
        asked_at = self._clock.monotonic()
        try:
            fencing = await self._store.acquire(name, token, lasts)
        except asyncio.CancelledError:  # it may have been acquired
            await self._lease(name, token, 0, lasts, asked_at).release()
            raise
        if fencing is None:
            return None
        lease = self._lease(name, token, fencing, lasts, asked_at)
        lease.keep()
        return lease

    def _lease(self, name: str, token: str, fencing: int, ttl: float, since: float) -> Lease:
        return Lease(self._store, name, token, fencing=fencing, ttl=ttl, since=since, clock=self._clock)


def _positive(ttl: Duration) -> float:
    found = seconds(ttl, "ttl")
    if found <= 0:
        raise ValueError(f"ttl is {ttl!r}; expected a duration of more than 0")
    return found
