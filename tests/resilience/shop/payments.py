"""An application that guards its methods with nothing but decorators."""

import asyncio
from collections.abc import Sequence

from pyfly.container import bean, configuration, service
from pyfly.resilience import (
    Bulkhead,
    Deadline,
    ResilienceEvent,
    ResilienceEvents,
    bulkhead,
    circuit_breaker,
    fallback,
    rate_limiter,
    retry,
    time_limiter,
)


@configuration
class Policies:
    @bean
    def till(self) -> Bulkhead:
        """A policy that is a bean: its name is that of the method."""
        return Bulkhead(1, name="till")


@service
class Journal(ResilienceEvents):
    def __init__(self) -> None:
        self.events: list[ResilienceEvent] = []

    def on_event(self, event: ResilienceEvent) -> None:
        self.events.append(event)

    def types(self) -> Sequence[str]:
        return [f"{event.policy} {event.type.value}" for event in self.events]


@service
class Payments:
    def __init__(self) -> None:
        self.calls = 0

    def fails(self, times: int) -> None:
        self.calls += 1
        if self.calls <= times:
            raise OSError("down")

    @retry("pay")
    async def retried(self, times: int) -> str:
        self.fails(times)
        return "paid"

    @retry(max_attempts=2, delay=0)
    def retried_inline(self, times: int) -> str:
        self.fails(times)
        return "paid"

    @circuit_breaker("bank")
    async def guarded(self) -> None:
        self.fails(99)

    @rate_limiter("api", key=lambda self, user: user)
    def limited(self, user: str) -> str:
        return user

    @bulkhead("till")
    async def one_at_a_time(self) -> None:
        await asyncio.sleep(0.01)

    @time_limiter("quick")
    async def slow(self) -> None:
        await asyncio.sleep(60)

    @time_limiter("quick")
    def left(self) -> float:
        found = Deadline.current()
        return found.remaining() if found else -1.0

    @circuit_breaker("bank")
    @fallback(fallback_method="instead")
    async def answered(self, item: str) -> str:
        self.fails(99)
        return "never"

    async def instead(self, item: str, *, exc: Exception) -> str:
        return f"{item}: {type(exc).__name__}"

    @staticmethod
    @rate_limiter("api", key=lambda user: user)
    def static(user: str) -> str:
        return user

    @classmethod
    @rate_limiter("api", key=lambda cls, user: (cls.__name__, user))
    def of_class(cls, user: str) -> str:
        return user

    def calls_itself(self, times: int) -> str:
        return self.retried_inline(times)
