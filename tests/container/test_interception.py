"""One mechanism wraps methods of beans: for transactions, derived queries and aspects alike."""

import functools
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
from pyfly.container.interception import (
    Binding,
    advise_instance,
    advised_class,
    interceptors_of,
    method_kind,
    original_class,
    targets_of,
)
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


class Shapes:
    def __init__(self) -> None:
        self._price = 1

    @classmethod
    def made(cls, count: int = 1) -> str:
        return f"{cls.__name__} {count}"

    @staticmethod
    def double(number: int, *, times: int = 2) -> int:
        """Double it."""
        return number * times

    @staticmethod
    async def later(*numbers: int) -> int:
        return sum(numbers)

    @staticmethod
    def some(*, to: int) -> Iterator[int]:
        yield from range(to)

    @property
    def price(self) -> int:
        """The price."""
        return self._price

    @price.setter
    def price(self, value: int) -> None:
        self._price = value

    @functools.cached_property
    def once(self) -> int:
        return self._price

    def add(self, first: int, second: int) -> int:
        return first + second

    increment = functools.partialmethod(add, 1)

    @functools.singledispatchmethod
    def shown(self, value: object) -> str:
        return "object"

    @shown.register
    def _(self, value: int) -> str:
        return "int"


async def test_members_of_every_kind_are_wrapped_and_put_back_as_what_they_were() -> None:
    log: list[str] = []
    shapes = advised_class(Shapes, "shapes", [Recorder("x", log)])()
    shapes.price = 5
    assert (shapes.price, shapes.once, shapes.once) == (5, 5, 5)
    assert (shapes.made(), type(shapes).made(2)) == ("Shapes 1", "Shapes 2")
    assert (shapes.double(2), shapes.double(2, times=3), list(shapes.some(to=2))) == (4, 6, [0, 1])
    assert await shapes.later(1, 2) == 3
    assert (shapes.increment(2), shapes.shown(1), shapes.shown("")) == (3, "int", "object")
    assert log == [
        f"x.{name}"
        for name in (
            "price", "price", "once", "made", "made", "double", "double", "some", "later", "increment", "shown", "shown",
        )
    ]  # fmt: skip
    assert inspect.signature(shapes.double) == inspect.signature(Shapes.double)
    assert (shapes.double.__doc__, type(shapes).price.__doc__) == ("Double it.", "The price.")


def test_an_interceptor_sees_what_kind_of_member_it_is_and_a_class_first_for_a_static_method() -> None:
    seen = {(each.name, each.binding): each for each in targets_of(Shapes, "shapes")}
    assert {(name, binding.name) for name, binding in seen} == {
        ("made", "CLASS"), ("double", "STATIC"), ("later", "STATIC"), ("some", "STATIC"), ("price", "GETTER"),
        ("price", "SETTER"), ("once", "GETTER"), ("add", "INSTANCE"), ("increment", "INSTANCE"),
        ("shown", "INSTANCE"), ("_", "INSTANCE"),
    }  # fmt: skip
    static = seen["double", Binding.STATIC].function
    assert str(inspect.signature(static)) == "(cls, /, number: int, *, times: int = 2) -> int"
    assert static(Shapes, 2) == 4
    assert seen["later", Binding.STATIC].kind is MethodKind.ASYNC
    assert seen["some", Binding.STATIC].kind is MethodKind.GENERATOR


def test_what_wraps_each_member_can_be_asked() -> None:
    outer, inner = Recorder("outer", [], only="price"), Recorder("inner", [])
    advised = advised_class(Orders, "orders", [outer, inner])
    assert interceptors_of(advised)["price"] == (outer, inner)
    assert interceptors_of(advised)["total"] == (inner,)
    assert interceptors_of(Orders) == {}
    assert original_class(advised) is Orders


def test_short_lived_products_of_a_factory_share_one_generated_class() -> None:
    recorder = Recorder("x", [])
    known: dict[tuple[type, str], type] = {}
    first, second = (advise_instance(Orders(), "orders", [recorder], known) for _ in range(2))
    assert type(first) is type(second)
    assert type(advise_instance(Orders(), "others", [recorder], known)) is not type(first)


def test_a_function_that_wraps_an_async_one_counts_as_async() -> None:
    def plain(self: object) -> object:
        return original(self)

    async def original(self: object) -> int:
        return 1

    assert method_kind(functools.wraps(original)(plain)) is MethodKind.ASYNC


def test_what_was_woven_by_hand_is_advised_by_the_application_too() -> None:
    log: list[str] = []
    by_hand = advised_class(Orders, "", [Recorder("hand", log, only="price")])()
    orders = advise_instance(by_hand, "orders", [Recorder("x", log, only="price")])
    orders.price(1)
    assert log == ["x.price", "hand.price"]
