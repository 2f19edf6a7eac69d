"""Hand-written: the shortest correct code for the same work."""

from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks.contenders.events.model import DESTINATION, EVENT_TYPE, Event, take


class Bus:
    def __init__(self, *handlers: Callable[[Event], Awaitable[None]]) -> None:
        self._handlers = {EVENT_TYPE: list(handlers)}

    async def publish(self, destination: str, event_type: str, payload: dict[str, Any]) -> None:
        event = Event(destination, event_type, payload, {})
        for handler in self._handlers.get(event_type, ()):
            await handler(event)


async def first(event: Event) -> None:
    take(event.payload)


async def second(event: Event) -> None:
    take(event.payload)


async def third(event: Event) -> None:
    take(event.payload)


_one = Bus(first)
_three = Bus(first, second, third)


async def one_handler() -> None:
    await _one.publish(DESTINATION, EVENT_TYPE, {"id": 7, "sku": "tea"})


async def three_handlers() -> None:
    await _three.publish(DESTINATION, EVENT_TYPE, {"id": 7, "sku": "tea"})
