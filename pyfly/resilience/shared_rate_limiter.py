"""So many calls in a period, counted for several processes together."""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Callable, Hashable, Mapping
from hashlib import blake2b
from typing import Any, Final, Literal
from uuid import UUID

from pyfly.kernel.clock import Clock
from pyfly.resilience.deadline import remaining_or
from pyfly.resilience.durations import Duration, at_least, seconds
from pyfly.resilience.events import EventType
from pyfly.resilience.limiter import Limiter
from pyfly.resilience.policy import Function
from pyfly.resilience.ports.outbound import Bucket, Grant, StoreUnavailableError, TokenStore

_LONGEST_KEY: Final = 200
_SHAREABLE: Final = (str, int, bool, float, bytes, UUID, type(None))

WhenUnavailable = Literal["refuse", "allow"]


class SharedRateLimiter(Limiter):
    """A bucket as :class:`RateLimiter` has one, kept where every process of a service takes from it.

    A call without a token is refused or, with *max_wait*, is given the next one that comes and waits for
    it. Who stops waiting gives it back, unless somebody else is in line behind.

    Attributes:
        key: Which bucket of the store it takes from.
    """

    def __init__(
        self,
        store: TokenStore,
        max_tokens: float = 10,
        refill_rate: float = 10.0,
        *,
        max_wait: Duration = 0.0,
        when_unavailable: WhenUnavailable = "refuse",
        name: str = "",
        clock: Clock | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take tokens from *store*, under *name*.

        Args:
            store: Where the bucket is.
            max_tokens: The size of the bucket: how many calls may come at once.
            refill_rate: The tokens it gets a second.
            max_wait: How long a call may wait for its token.
            when_unavailable: What becomes of a call when the store does not answer.
            name: What the policy is called, in every process alike.
            clock: Replaces the clock of the machine, for those who wait.
            pause: How a thread waits.
        """
        super().__init__(name, clock)
        if not name:
            raise ValueError("name is empty; expected the name under which all processes find the bucket")
        at_least(1, max_tokens, "max_tokens")
        if not refill_rate > 0:
            raise ValueError(
                f"refill_rate is {refill_rate!r}; expected more than 0 for a bucket that is shared"
            )
        if when_unavailable not in {"refuse", "allow"}:
            raise ValueError(f"when_unavailable is {when_unavailable!r}; expected 'refuse' or 'allow'")
        self.max_tokens, self.refill_rate = max_tokens, float(refill_rate)
        self._bucket = Bucket(max_tokens, 1.0 / refill_rate, seconds(max_wait, "max_wait"))
        self._store, self._pause = store, pause
        self._allows = when_unavailable == "allow"
        self.key = name

    async def acquire(self) -> None:
        """Take a token, waiting for it as long as ``max_wait`` and the current deadline allow.

        Raises:
            RateLimitException: There is none; ``context["retry_after"]`` says when there will be.
            StoreUnavailableError: The store does not answer, and calls are refused then.
        """
        try:
            grant = await self._store.take(self.key, self._bucket, remaining_or(self._bucket.max_wait))
        except StoreUnavailableError as failure:
            return self._without_store(failure)
        if self._wait_of(grant):
            try:
                await self.clock.sleep(grant.wait)
            except BaseException:
                await self._give_back(grant)
                raise
        return None

    def acquire_sync(self) -> None:
        """Take a token as :meth:`acquire` does, blocking the thread while it waits.

        Raises:
            RuntimeError: An event loop runs in this thread, and would be blocked.
        """
        _refuse_loop(self.name)
        try:
            grant = self._store.take_sync(self.key, self._bucket, remaining_or(self._bucket.max_wait))
        except StoreUnavailableError as failure:
            return self._without_store(failure)
        if self._wait_of(grant):
            self._pause(grant.wait)
        return None

    def of(self, key: Hashable) -> SharedRateLimiter:
        """Return the bucket of *key*, a value that means the same in every process: texts, numbers, UUIDs.

        Raises:
            TypeError: It is of another type.
        """
        sibling = copy.copy(self)
        sibling.key = f"{self.name}:{_text(key)}"
        return sibling

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that takes a token before it calls *function*."""

        def limited(*args: Any, **kwargs: Any) -> Any:
            self.acquire_sync()
            return function(*args, **kwargs)

        return limited

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that takes a token before it awaits *function*."""

        async def limited(*args: Any, **kwargs: Any) -> Any:
            await self.acquire()
            return await function(*args, **kwargs)

        return limited

    def snapshot(self) -> Mapping[str, Any]:
        """Return the settings and what has happened here; how many tokens there are, only the store knows."""
        settings = {"max_tokens": self.max_tokens, "refill_rate": self.refill_rate}
        return {**super().snapshot(), **settings, "store": type(self._store).__name__}

    def _wait_of(self, grant: Grant) -> float:
        return grant.wait if grant.granted else self._refuse(grant.wait)

    def _without_store(self, failure: StoreUnavailableError) -> None:
        self._emit(EventType.STORE_UNAVAILABLE, failure=failure)
        if not self._allows:
            raise failure

    async def _give_back(self, grant: Grant) -> None:
        try:
            await self._store.give_back(self.key, self._bucket, grant.mark)
        except StoreUnavailableError as failure:  # the token is lost, and the caller leaves all the same
            self._emit(EventType.STORE_UNAVAILABLE, failure=failure)


def _refuse_loop(name: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError(
        f"The shared rate limiter '{name}' guards a function that is not async and was called on an event loop, "
        "which it would block; make the function async, or call it in a thread"
    )


def _text(key: Hashable) -> str:
    """Return *key* as it is written in every process."""
    parts = key if isinstance(key, tuple) else (key,)
    for part in parts:
        if type(part) not in _SHAREABLE:
            raise TypeError(
                f"{key!r} is no key for a shared limit; expected a text, a number, a UUID or a tuple of such"
            )
    text = repr(key)
    return text if len(text) <= _LONGEST_KEY else blake2b(text.encode(), digest_size=20).hexdigest()
