"""One mechanism wraps methods of beans: for transactions, derived queries and aspects alike."""

import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from pyfly.container import (
    Container,
    InterceptionOrder,
    MethodInterceptor,
    MethodKind,
    MethodTarget,
    Scope,
    service,
)
from pyfly.container.interception import advise_instance, advised_class, method_kind
from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord
from tests.container.support import add_factory, container_of


class Recorder(MethodInterceptor):
    """Notes each call of the methods it is told about."""

    def __init__(self, label: str, log: list[str], only: str = "") -> None:
        self.label = label
        self.log = log
        self.only = only
        self.seen: list[MethodTarget] = []

    def intercept(self, target: MethodTarget) -> Callable[[Callable[..., Any]], Callable[..., Any]] | None:
        self.seen.append(target)
        if self.only and target.name != self.only:
            return None

        def wrap(call: Callable[..., Any]) -> Callable[..., Any]:
            def wrapped(this: Any, *args: Any, **kwargs: Any) -> Any:
                self.log.append(f"{self.label}.{target.name}")
                return call(this, *args, **kwargs)

            return wrapped

        return wrap


@service
class Orders:
    """Kept."""

    rate: ClassVar[int] = 2

    def price(self, amount: int, *, tax: int = 0) -> int:
        """Return the price."""
        return amount * self.rate + tax

    def total(self, *amounts: int) -> int:
        return sum(self.price(each) for each in amounts)

    async def load(self) -> str:
        return "loaded"

    def stream(self) -> Iterator[int]:
        yield 1

    async def astream(self) -> AsyncIterator[int]:
        yield 1

    @staticmethod
    def helper() -> int:
        return 1

    @property
    def explosive(self) -> int:
        raise AssertionError("a property must not be evaluated")


class Special(Orders):
    def price(self, amount: int, *, tax: int = 0) -> int:
        return super().price(amount, tax=tax) + 1


def container_with(*interceptors: MethodInterceptor) -> Container:
    container = container_of(Orders)
    container.assembly.interceptors = interceptors
    return container


def test_calls_pass_through_the_chain_from_outside_in() -> None:
    log: list[str] = []
    orders = container_with(Recorder("outer", log), Recorder("inner", log)).resolve(Orders)
    assert orders.price(3, tax=1) == 7
    assert log == ["outer.price", "inner.price"]


def test_calls_through_self_are_advised_too() -> None:
    log: list[str] = []
    assert container_with(Recorder("x", log, only="price")).resolve(Orders).total(1, 2) == 6
    assert log == ["x.price", "x.price"]


def test_an_advised_bean_is_still_an_instance_with_the_same_signatures_and_records() -> None:
    orders = container_with(Recorder("x", [])).resolve(Orders)
    assert isinstance(orders, Orders)
    assert (type(orders).__name__, type(orders).__doc__) == ("Orders", "Kept.")
    assert inspect.signature(orders.price) == inspect.signature(Orders().price)
    assert orders.price.__doc__ == "Return the price."
    assert record_of(type(orders), BeanRecord) == record_of(Orders, BeanRecord)


def test_without_advice_the_class_itself_is_used() -> None:
    assert type(container_with(Recorder("x", [], only="nothing")).resolve(Orders)) is Orders


def test_an_interceptor_is_asked_once_for_each_method_with_its_kind() -> None:
    recorder = Recorder("x", [], only="nothing")
    advised_class(Special, "special", [recorder])
    assert {(each.name, each.kind) for each in recorder.seen} == {
        ("price", MethodKind.SYNC),
        ("total", MethodKind.SYNC),
        ("load", MethodKind.ASYNC),
        ("stream", MethodKind.GENERATOR),
        ("astream", MethodKind.ASYNC_GENERATOR),
        ("helper", MethodKind.SYNC),
        ("explosive", MethodKind.SYNC),
    }
    assert {(each.bean_name, each.cls) for each in recorder.seen} == {("special", Special)}
    assert "async method Orders" not in repr(recorder.seen[0])


def test_super_calls_reach_the_undecorated_method_of_the_base() -> None:
    log: list[str] = []
    advised = advised_class(Special, "special", [Recorder("x", log, only="price")])
    assert advised().price(3) == 7
    assert log == ["x.price"]


async def test_async_methods_and_generators_are_passed_on_unchanged() -> None:
    orders = container_with(Recorder("x", [])).resolve(Orders)
    assert await orders.load() == "loaded"
    assert list(orders.stream()) == [1]
    assert [each async for each in orders.astream()] == [1]


@pytest.mark.parametrize("scope", [Scope.TRANSIENT, Scope.REQUEST], ids=str)
def test_short_lived_beans_are_advised_as_well(scope: Scope) -> None:
    log: list[str] = []
    container = Container()
    container.register(Special, scope=scope)
    container.assembly.interceptors = [Recorder("x", log, only="total")]
    with container.scope():
        container.resolve(Special).total(1)
    assert log == ["x.total"]


def test_the_product_of_a_factory_stays_the_same_object_and_is_advised() -> None:
    log: list[str] = []
    made = Special()
    container = Container()
    container.assembly.interceptors = [Recorder("x", log, only="total")]
    add_factory(container, lambda: made, Orders, name="orders")
    assert container.resolve(Orders) is made
    made.total(1)
    assert log == ["x.total"]


def test_a_factory_that_returns_another_bean_does_not_advise_it_twice() -> None:
    log: list[str] = []
    container = container_with(Recorder("x", log, only="total"))

    def alias(orders: Orders) -> object:
        return orders

    class Alias: ...

    add_factory(container, alias, Alias)
    orders: object = container.resolve(Orders)
    assert container.resolve(Alias) is orders
    container.resolve(Orders).total(1)
    assert log == ["x.total"]


@dataclass(frozen=True, slots=True)
class Point:
    x: int

    def double(self) -> int:
        return self.x * 2


def test_a_frozen_object_with_slots_can_be_advised() -> None:
    log: list[str] = []
    point = advise_instance(Point(2), "point", [Recorder("x", log)])
    assert point.double() == 4
    assert log == ["x.double"]


def test_the_kinds_are_read_from_the_function() -> None:
    assert method_kind(len) is MethodKind.SYNC


def test_security_is_outermost_and_the_implementation_innermost() -> None:
    places = {name: value for name, value in vars(InterceptionOrder).items() if name.isupper()}
    assert sorted(places, key=lambda name: places[name]) == [
        "SECURITY", "RESILIENCE", "CACHE", "METRICS", "TRANSACTION", "VALIDATION", "ASPECT", "IMPLEMENTATION",
    ]  # fmt: skip


class Watching:
    """Hears of its subclasses, and wants to be told something about each."""

    heard: ClassVar[list[str]] = []

    def __init_subclass__(cls, *, table: str) -> None:
        cls.heard.append(table)


class Watched(Watching, table="watched"):
    def __init__(self) -> None:
        self.size = 1

    def double(self) -> int:
        return self.size * 2


def test_a_class_that_watches_its_subclasses_does_not_hear_of_generated_ones() -> None:
    log: list[str] = []
    recorder = Recorder("x", log, only="double")
    assert advised_class(Watched, "watched", [recorder])().double() == 2
    assert advise_instance(Watched(), "watched", [recorder]).double() == 2
    assert log == ["x.double", "x.double"]
    assert Watching.heard == ["watched"]
