"""From a request over a command to an aggregate, its events, and what those lead to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from pyfly.container import component, repository, rest_controller, service
from pyfly.cqrs import Command, Mediator, command_handler, current_dispatch
from pyfly.data import transactional
from pyfly.data.relational.sqlalchemy import Base, Repository
from pyfly.domain import AggregateRoot
from pyfly.eda import EventEnvelope, EventPublisher, event_listener
from pyfly.web import post_mapping


@dataclass(frozen=True)
class OrderPlaced:
    sku: str


@dataclass(frozen=True)
class OrderCancelled:
    sku: str


@dataclass(frozen=True)
class PlaceOrder(Command[int]):
    sku: str
    fails: bool = False


@dataclass(frozen=True)
class SendMail(Command[None]):
    sku: str


class Order(Base, AggregateRoot[int]):
    __tablename__ = "domain_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str]

    @classmethod
    def place(cls, sku: str) -> "Order":
        order = cls(sku=sku)
        order.record(OrderPlaced(sku))
        return order

    def cancel(self) -> None:
        self.record(OrderCancelled(self.sku))


@repository
class Orders(Repository[Order, int]): ...


@component
class Trace:
    """What was seen by whom: name, correlation, own id, cause."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, str | None]] = []

    def command(self, name: str) -> None:
        dispatch = current_dispatch()
        assert dispatch is not None
        self.seen.append((name, dispatch.correlation_id, dispatch.message_id, dispatch.causation_id))

    def event(self, event: EventEnvelope) -> None:
        self.seen.append((event.event_type, event.correlation_id, event.event_id, event.causation_id))


@service
class Ordering:
    def __init__(self, orders: Orders, trace: Trace) -> None:
        self.orders = orders
        self.trace = trace

    @command_handler
    @transactional
    async def place(self, command: PlaceOrder) -> int:
        self.trace.command("PlaceOrder")
        order = await self.orders.save(Order.place(command.sku))
        self.trace.command("saved")
        if command.fails:
            raise ValueError("no")
        return order.id

    @command_handler
    async def mail(self, command: SendMail) -> None:
        self.trace.command("SendMail")


@component
class Mailing:
    def __init__(self, mediator: Mediator, events: EventPublisher, trace: Trace) -> None:
        self.mediator = mediator
        self.events = events
        self.trace = trace
        self.heard: list[Any] = []

    @event_listener("Order*")
    async def on_order(self, event: EventEnvelope) -> None:
        self.trace.event(event)
        self.heard.append(event.payload)
        if isinstance(event.payload, OrderPlaced):
            await self.mediator.send(SendMail(event.payload.sku))
            await self.events.publish("mails", "mail.sent", {})

    @event_listener("mail.*")
    async def on_mail(self, event: EventEnvelope) -> None:
        self.trace.event(event)


@rest_controller
class OrderController:
    def __init__(self, mediator: Mediator) -> None:
        self.mediator = mediator

    @post_mapping("/orders/{sku}")
    async def place(self, sku: str) -> int:
        return await self.mediator.send(PlaceOrder(sku))
