"""Orders, and who is interested in them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from pyfly.container import component, repository, service
from pyfly.context import ApplicationEventBus, app_event_listener
from pyfly.data import transactional
from pyfly.data.relational.sqlalchemy import Base, Repository
from pyfly.eda import EventEnvelope, EventPublisher, event_listener, event_publisher, publish_result


class StoredOrder(Base):
    __tablename__ = "eda_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str]


@repository
class StoredOrders(Repository[StoredOrder, int]): ...


@dataclass(frozen=True)
class OrderPlaced:
    sku: str


@service
class Orders:
    def __init__(
        self, stored: StoredOrders, events: EventPublisher, application_events: ApplicationEventBus
    ) -> None:
        self.stored = stored
        self.events = events
        self.application_events = application_events

    @transactional
    async def place(self, sku: str, *, fails: bool = False) -> None:
        await self.stored.save(StoredOrder(sku=sku))
        await self.events.publish(OrderPlaced(sku))
        await self.application_events.publish(OrderPlaced(sku))
        if fails:
            raise ValueError("no")

    async def announce(self, sku: str) -> None:
        await self.events.publish(OrderPlaced(sku))

    @event_publisher("orders", "order.requested")
    async def request(self, sku: str, quantity: int = 1) -> str:
        return f"{quantity} {sku}"

    @transactional
    @publish_result("order.counted")
    async def count(self) -> int:
        return await self.stored.count()


@component
class Listeners:
    def __init__(self, stored: StoredOrders) -> None:
        self.stored = stored
        self.log: list[Any] = []

    @event_listener
    async def at_once(self, event: OrderPlaced) -> None:
        self.log.append(("at once", event.sku))

    @event_listener(phase="after_commit")
    async def after_commit(self, event: OrderPlaced) -> None:
        self.log.append(("after commit", event.sku, await self.stored.count()))

    @app_event_listener(phase="after_commit")
    async def application_event_after_commit(self, event: OrderPlaced) -> None:
        self.log.append(("application", event.sku))

    @event_listener("order.*")
    def by_pattern(self, event: EventEnvelope) -> None:
        self.log.append((event.event_type, event.payload))

    @event_listener(event_types=["*"], phase="after_commit", error_strategy="dead-letter")
    async def broken(self, event: EventEnvelope) -> None:
        raise OSError("full")


@component
class Ledger:
    """Listens within the transaction that the event is published in."""

    def __init__(self, stored: StoredOrders) -> None:
        self.stored = stored

    @event_listener
    @transactional
    async def book(self, event: OrderPlaced) -> None:
        await self.stored.save(StoredOrder(sku=f"{event.sku}, booked"))
