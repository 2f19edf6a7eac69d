"""Publishers that know patterns only."""

from collections.abc import Mapping
from typing import Any

from pyfly.eda import DeadLetters, EventEnvelope, EventHandler, Recovery
from pyfly.eda.adapters import InMemoryDeadLetterStore
from pyfly.eda.subscribing import subscribe
from tests.eda.support import Failing


class Broker:
    """Keeps what was subscribed to it."""

    def __init__(self) -> None:
        self.handlers: dict[str, EventHandler] = {}

    def subscribe(self, event_type_pattern: str, handler: EventHandler) -> None:
        self.handlers[event_type_pattern] = handler

    async def publish(
        self,
        destination: Any,
        event_type: str | None = None,
        payload: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None: ...

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class Placed:
    event_type = "order.placed"


async def test_classes_are_subscribed_by_their_event_type_and_failures_are_recovered_from() -> None:
    broker, letters = Broker(), DeadLetters(InMemoryDeadLetterStore())
    ends = subscribe(
        broker, ("user.*", Placed), Failing(1), name="mailer", error_strategy=None, recovery=Recovery(letters)
    )
    assert sorted(broker.handlers) == ["order.placed", "user.*"]
    await broker.handlers["order.placed"](EventEnvelope("order.placed", {}, "orders"))
    for end in ends:
        end()
