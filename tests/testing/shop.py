"""A shop with the kinds of beans that overriding has to cope with."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from re import Pattern
from re import compile as compile_pattern
from typing import Annotated, Protocol

from pyfly.container import (
    Lazy,
    Provider,
    Qualifier,
    Scope,
    bean,
    component,
    configuration,
    primary,
    repository,
    service,
)
from pyfly.context import ApplicationEventBus, conditional_on_missing_bean, post_construct
from pyfly.core import pyfly_application
from pyfly.core.config import config_properties

BUILT: list[str] = []


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class ShopProperties:
    currency: str = "EUR"
    patience: timedelta = timedelta(seconds=5)
    branches: tuple[str, ...] = ()
    is_open: bool = False


class Stock(Protocol):
    async def count(self, sku: str) -> int: ...
    def name(self) -> str: ...


@repository
class ShelfStock(Stock):
    def __init__(self) -> None:
        BUILT.append("ShelfStock")
        self.shelf = "A"

    async def count(self, sku: str) -> int:
        return len(self.shelf)

    def name(self) -> str:
        return f"shelf {self.shelf}"

    def __len__(self) -> int:
        return 1


@service
class Orders:
    def __init__(self, stock: Stock, lazy: Lazy[Stock], provider: Provider[Stock]) -> None:
        self._stock = stock
        self._count = stock.count
        self._name: Callable[[], str] = stock.name
        self._lazy = lazy
        self._provider = provider

    async def seen(self) -> list[object]:
        return [
            await self._stock.count("tea"),
            await self._count("tea"),
            self._name(),
            await self._lazy.get().count("tea"),
            await self._provider.get().count("tea"),
        ]


class Payment(Protocol):
    def pay(self) -> str: ...


@component(name="card")
@primary
class Card(Payment):
    def pay(self) -> str:
        return "card"


@component(name="cash")
class Cash(Payment):
    def pay(self) -> str:
        return "cash"


@component
class Till:
    def __init__(self, payment: Payment, cash: Annotated[Payment, Qualifier("cash")]) -> None:
        self.payment = payment
        self.cash = cash


@dataclass(frozen=True, slots=True)
class Address:
    street: str


@dataclass
class Basket:
    owner: str


@component(scope=Scope.TRANSIENT)
class Receipt:
    def text(self) -> str:
        return "receipt"


class Mailer:
    def __init__(self, host: str) -> None:
        BUILT.append("Mailer")
        self.host = host

    async def start(self) -> None:
        BUILT.append("Mailer.start")

    async def stop(self) -> None:
        BUILT.append("Mailer.stop")


@component
class Loyal:
    """Finds what it does not have."""

    def __getattr__(self, name: str) -> str:
        return f"real {name}"

    def one(self) -> str:
        return "one"

    two = one


class Clerk:
    pass


@configuration
class Beans:
    @bean
    def address(self) -> Address:
        return Address("High Street")

    @bean
    def basket(self) -> Basket:
        return Basket("nobody")

    @bean
    def sku(self) -> Pattern[str]:
        return compile_pattern("[a-z]+")

    @bean
    async def mailer(self, properties: ShopProperties) -> AsyncIterator[Mailer]:
        yield Mailer(properties.currency)

    @bean
    @conditional_on_missing_bean(Clerk)
    def clerk(self) -> Clerk:
        BUILT.append("Clerk")
        return Clerk()


@component
class Bell:
    def __init__(self, events: ApplicationEventBus) -> None:
        self._events = events

    async def ring(self, times: int) -> None:
        for number in range(times):
            await self._events.publish(number)

    @post_construct
    def built(self) -> None:
        BUILT.append("Bell")


@pyfly_application(name="shop", scan_packages=["tests.testing.shop"])
class Shop:
    pass
