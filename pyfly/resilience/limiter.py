"""What all rate limiters do: let a call pass, make it wait or refuse it, in all or by key."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Hashable, Mapping
from typing import Any, ClassVar, NoReturn

from pyfly.kernel.exceptions import RateLimitException
from pyfly.resilience.events import EventType, PolicyKind
from pyfly.resilience.policy import Function, Policy

Key = Callable[..., Hashable]


class Limiter(Policy):
    """Allows so many calls in a period."""

    kind: ClassVar = PolicyKind.RATE_LIMITER

    @abstractmethod
    async def acquire(self) -> None:
        """Return when the call may be made.

        Raises:
            RateLimitException: It may not; ``context["retry_after"]`` says when to ask again.
        """

    @abstractmethod
    def acquire_sync(self) -> None:
        """Return or raise as :meth:`acquire` does, blocking the thread while it waits."""

    @abstractmethod
    def of(self, key: Hashable) -> Limiter:
        """Return the limiter of *key*, which has the same settings as this one and a limit of its own."""

    def _refuse(self, retry_after: float | None) -> NoReturn:
        """Tell of a call that is refused, for good with ``None``."""
        self._emit(EventType.REJECTED, retry_after=retry_after)
        context: dict[str, object] = {"policy": self.name}
        if retry_after is not None:
            context["retry_after"] = retry_after
        raise RateLimitException("Rate limit exceeded", context=context)


class KeyedRateLimiter(Policy):
    """A rate limiter with a bucket for each key, such as the user that a call is made for."""

    kind: ClassVar = PolicyKind.RATE_LIMITER

    def __init__(self, limiter: Limiter, key: Key) -> None:
        """Find the bucket of a call among those of *limiter* by *key*, which is given its arguments."""
        super().__init__(limiter.name, limiter.clock)
        self.limiter = limiter
        self._key = key

    def wrap_sync(self, function: Function) -> Function:
        """Return a function that takes a token of its key before it calls *function*."""
        of, key = self.limiter.of, self._key

        def limited(*args: Any, **kwargs: Any) -> Any:
            of(key(*args, **kwargs)).acquire_sync()
            return function(*args, **kwargs)

        return limited

    def wrap_async(self, function: Function) -> Function:
        """Return a coroutine function that takes a token of its key before it awaits *function*."""
        of, key = self.limiter.of, self._key

        async def limited(*args: Any, **kwargs: Any) -> Any:
            await of(key(*args, **kwargs)).acquire()
            return await function(*args, **kwargs)

        return limited

    def snapshot(self) -> Mapping[str, Any]:
        """Return the state of the limiter."""
        return self.limiter.snapshot()
