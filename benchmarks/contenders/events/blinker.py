"""blinker: signals whose sender is the event."""

from blinker import Signal

from benchmarks.contenders.events.model import DESTINATION, EVENT_TYPE, Event, take

DISTRIBUTIONS = ("blinker",)


async def first(event: Event) -> None:
    take(event.payload)


async def second(event: Event) -> None:
    take(event.payload)


async def third(event: Event) -> None:
    take(event.payload)


_one, _three = Signal(EVENT_TYPE), Signal(EVENT_TYPE)
_one.connect(first)
for _handler in (first, second, third):
    _three.connect(_handler)


async def one_handler() -> None:
    await _one.send_async(Event(DESTINATION, EVENT_TYPE, {"id": 7, "sku": "tea"}, {}))


async def three_handlers() -> None:
    await _three.send_async(Event(DESTINATION, EVENT_TYPE, {"id": 7, "sku": "tea"}, {}))
