"""pyfly: listener methods of beans, as an application has them."""

import asyncio
from typing import Any

from benchmarks.contenders.events.model import DESTINATION, EVENT_TYPE, take
from pyfly.container import component
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.eda import EventEnvelope, EventPublisher, event_listener

DISTRIBUTIONS = ("pyfly",)


@component
class First:
    @event_listener("order.*")
    async def handle(self, event: EventEnvelope) -> None:
        take(event.payload)


@component
class Second(First): ...


@component
class Third(First): ...


async def _started(*listeners: type) -> Any:
    context = ApplicationContext(Config({}))
    for listener in listeners:
        context.register_bean(listener)
    await context.start()
    return context.get_bean(EventPublisher)


_loop = asyncio.get_event_loop()
_one = _loop.run_until_complete(_started(First))
_three = _loop.run_until_complete(_started(First, Second, Third))


async def one_handler() -> None:
    await _one.publish(DESTINATION, EVENT_TYPE, {"id": 7, "sku": "tea"})


async def three_handlers() -> None:
    await _three.publish(DESTINATION, EVENT_TYPE, {"id": 7, "sku": "tea"})
