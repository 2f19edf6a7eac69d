from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Ge, MinLen

from pyfly.container import Scope, component, order, service
from pyfly.cqrs import (
    Command,
    CommandBus,
    CommandHandler,
    CqrsMiddleware,
    Mediator,
    Query,
    QueryHandler,
    command_handler,
    correlation_id,
    query_handler,
)
from pyfly.kernel.exceptions import ConcurrencyException, ConflictException
from pyfly.validation import Constraint


@service
class Orders:
    def __init__(self) -> None:
        self.placed: dict[int, str] = {}
        self.ids: list[str] = []
        self.conflicts = 0


@component
class UniqueName(Constraint[str]):
    message: ClassVar[str] = "is taken"

    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    async def is_valid(self, value: str) -> bool:
        return value not in self.orders.placed.values()


@dataclass(frozen=True)
class PlaceOrder(Command[int]):
    name: Annotated[str, MinLen(1), UniqueName]
    amount: Annotated[int, Ge(1)] = 1


@dataclass(frozen=True)
class PlaceGift(PlaceOrder):
    wrapping: str = "paper"


@dataclass(frozen=True)
class PlaceBoth(Command[list[int]]):
    names: tuple[str, ...]


@dataclass(frozen=True)
class FindOrder(Query[str | None]):
    id: int


@dataclass(frozen=True)
class CountOrders(Query[int]): ...


@dataclass(frozen=True)
class CancelOrder(Command[None]):
    id: int


@command_handler
class PlaceOrderHandler(CommandHandler[PlaceOrder]):
    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    async def handle(self, command: PlaceOrder) -> int:
        self.orders.ids.append(correlation_id())
        if self.orders.conflicts:
            self.orders.conflicts -= 1
            raise ConcurrencyException("changed meanwhile")
        number = len(self.orders.placed) + 1
        self.orders.placed[number] = command.name
        return number


@command_handler
class PlaceBothHandler(CommandHandler[PlaceBoth]):
    def __init__(self, commands: CommandBus, orders: Orders) -> None:
        self.commands = commands
        self.orders = orders

    async def handle(self, command: PlaceBoth) -> list[int]:
        placed = [await self.commands.send(PlaceOrder(name)) for name in command.names]
        self.orders.ids.append(correlation_id())
        return placed


@query_handler
@component(scope=Scope.TRANSIENT)
class FindOrderHandler(QueryHandler[FindOrder]):
    made: ClassVar[int] = 0

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        type(self).made += 1

    async def handle(self, query: FindOrder) -> str | None:
        return self.orders.placed.get(query.id)


@service
class OrderDesk:
    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    @query_handler
    def count(self, query: CountOrders) -> int:
        return len(self.orders.placed)

    @command_handler
    async def cancel(self, command: CancelOrder) -> None:
        if command.id not in self.orders.placed:
            raise ConflictException("no such order")
        del self.orders.placed[command.id]


@component
@order(-1000)
class Outermost(CqrsMiddleware):
    def __init__(self) -> None:
        self.seen: list[str] = []

    async def handle(self, message: Any, next_handler: Callable[[Any], Awaitable[Any]]) -> Any:
        self.seen.append(type(message).__name__)
        return await next_handler(message)


class Sums:
    def __init__(self) -> None:
        self.values: list[tuple[Any, ...]] = []

    def inc(self) -> None:
        self.values.append(())

    def labels(self, *values: str) -> "Sums":
        self.values.append(values)
        return self

    def observe(self, seconds: float) -> None:
        assert seconds >= 0


@component
class Meters:
    """A registry of metrics, which joins by its shape."""

    def __init__(self) -> None:
        self.known: dict[str, Sums] = {}

    def counter(self, name: str, description: str) -> Sums:
        return self.known.setdefault(name, Sums())

    def histogram(self, name: str, description: str, labels: list[str]) -> Sums:
        return self.known.setdefault(name, Sums())


@service
class Checkout:
    def __init__(self, mediator: Mediator) -> None:
        self.mediator = mediator

    async def buy(self, name: str) -> str | None:
        number: int = await self.mediator.send(PlaceOrder(name))
        found: str | None = await self.mediator.send(FindOrder(number))
        return found
