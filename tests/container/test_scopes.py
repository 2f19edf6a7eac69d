"""The request scope, nested scopes, and scopes that a handler keeps."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pyfly.container import (
    AsyncBeanError,
    CircularDependencyError,
    Container,
    Provider,
    Scope,
    ScopeMismatchError,
    component,
)
from tests.container.support import add_factory, container_of


class Cart: ...


class Order:
    def __init__(self, cart: Cart) -> None:
        self.cart = cart


def request_container() -> Container:
    return container_of(Cart, Order, scope=Scope.REQUEST)


def test_a_request_has_its_own_beans_and_shares_them() -> None:
    container = request_container()
    with container.scope() as scope:
        order = container.resolve(Order)
        assert order.cart is container.resolve(Cart) is scope.resolve(Cart)
    with container.scope():
        assert container.resolve(Order) is not order


@pytest.mark.parametrize("ask", [lambda c: c.resolve(Cart), lambda c: c.resolve_by_name("Cart")])
def test_outside_a_request_a_request_bean_is_a_clear_error(ask: Callable[[Container], Any]) -> None:
    container = request_container()
    with pytest.raises(ScopeMismatchError, match="Cart has scope request, and no request is active here"):
        ask(container)
    with container.scope():
        ask(container)
    with pytest.raises(ScopeMismatchError):
        ask(container)


def test_a_nested_request_has_its_own_beans_and_the_outer_one_comes_back() -> None:
    container = request_container()
    with container.scope():
        outer = container.resolve(Cart)
        with container.scope():
            assert container.resolve(Cart) is not outer
        assert container.resolve(Cart) is outer


def test_requests_of_two_containers_do_not_mix() -> None:
    one, two = request_container(), request_container()
    with one.scope():
        cart = one.resolve(Cart)
        with pytest.raises(ScopeMismatchError):
            two.resolve(Cart)
        with two.scope():
            assert one.resolve(Cart) is cart is not two.resolve(Cart)


async def test_concurrent_requests_do_not_see_each_other() -> None:
    container = request_container()

    async def handle() -> tuple[Cart, Cart]:
        async with container.ascope() as scope:
            first = container.resolve(Cart)
            await asyncio.sleep(0)
            return first, await scope.aresolve(Cart)

    pairs = await asyncio.gather(*(handle() for _ in range(20)))
    assert all(first is second for first, second in pairs)
    assert len({id(first) for first, _ in pairs}) == 20


async def test_tasks_of_one_request_share_a_bean_that_awaits() -> None:
    made: list[Cart] = []

    async def cart() -> Cart:
        await asyncio.sleep(0)
        made.append(Cart())
        return made[-1]

    container = Container()
    add_factory(container, cart, Cart, scope=Scope.REQUEST)
    async with container.ascope() as scope:
        found = await asyncio.gather(*(scope.aresolve(Cart) for _ in range(10)))
    assert found == made * 10


def test_threads_of_one_request_share_a_bean_and_losers_are_destroyed() -> None:
    log: list[str] = []

    def cart() -> Iterator[Cart]:
        log.append("open")
        yield Cart()
        log.append("close")

    container = Container()
    add_factory(container, cart, Cart, scope=Scope.REQUEST)
    with container.scope() as scope, ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: scope.resolve(Cart), range(8)))
    assert len(found) == 1
    assert log.count("open") == log.count("close")


# The end of a scope


def generators(log: list[str]) -> tuple[Any, Any]:
    def cart() -> Iterator[Cart]:
        try:
            yield Cart()
        except ValueError as error:
            log.append(f"cart saw {error}")
            raise
        log.append("cart")

    async def order(cart: Cart) -> AsyncIterator[Order]:
        yield Order(cart)
        log.append("order")

    return cart, order


async def test_generator_beans_end_with_the_scope_dependants_first() -> None:
    log: list[str] = []
    container = Container()
    for make, kind in zip(generators(log), (Cart, Order), strict=True):
        add_factory(container, make, kind, scope=Scope.REQUEST)
    async with container.ascope():
        await container.aresolve(Order)
        assert log == []
    assert log == ["order", "cart"]


def test_the_failure_of_a_request_reaches_its_generator_beans_and_its_caller() -> None:
    log: list[str] = []
    container = Container()
    add_factory(container, generators(log)[0], Cart, scope=Scope.REQUEST)

    def handle() -> None:
        with container.scope():
            container.resolve(Cart)
            raise ValueError("bad input")

    with pytest.raises(ValueError, match="bad input"):
        handle()
    assert log == ["cart saw bad input"]


def test_a_bean_that_fails_at_the_end_costs_no_other_its_end(caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []

    def broken(cart: Cart) -> Iterator[Order]:
        yield Order(cart)
        raise OSError("cannot close")

    container = Container()
    add_factory(container, generators(log)[0], Cart, scope=Scope.REQUEST)
    add_factory(container, broken, Order, scope=Scope.REQUEST)
    with caplog.at_level(logging.ERROR, "pyfly.container"), container.scope():
        container.resolve(Order)
    assert log == ["cart"]
    assert "Destroying bean 'broken' failed" in caplog.text
    assert "cannot close" in caplog.text


def test_a_generator_is_ended_even_when_what_it_yielded_cannot_be_initialised() -> None:
    log: list[str] = []

    class Refusing:
        """A lifecycle that refuses every bean."""

        def concerns(self, definition: object) -> bool:
            return True

        def awaits(self, definition: object) -> bool:
            return False

        def has_destruction(self, definition: object) -> bool:
            return False

        def initialize(self, definition: object, bean: object) -> Any:
            yield from ()
            raise OSError("refused")

        def destroy(self, definition: object, bean: object) -> Any:
            yield from ()

    container = Container()
    add_factory(container, generators(log)[0], Cart, scope=Scope.REQUEST)
    container.assembly.lifecycle = Refusing()
    with container.scope(), pytest.raises(OSError, match="refused"):
        container.resolve(Cart)
    assert log == ["cart"]


async def test_an_async_bean_cannot_end_in_a_sync_scope(caplog: pytest.LogCaptureFixture) -> None:
    async def cart() -> AsyncIterator[Cart]:
        yield Cart()

    container = Container()
    add_factory(container, cart, Cart, scope=Scope.REQUEST)
    with container.scope() as scope:
        with pytest.raises(AsyncBeanError):
            scope.resolve(Cart)
        await scope.aresolve(Cart)
        (_, generator) = scope.exits[0]
    assert "its creation awaits" in caplog.text
    await generator.aclose()


def cart_that_makes_an_order_at_its_end(container: Container, log: list[str]) -> None:
    def order() -> Iterator[Order]:
        yield Order(Cart())
        log.append("order")

    def cart(orders: Provider[Order]) -> Iterator[Cart]:
        yield Cart()
        orders.get()
        log.append("cart")

    add_factory(container, order, Order, scope=Scope.REQUEST)
    add_factory(container, cart, Cart, scope=Scope.REQUEST)


def test_a_bean_that_is_first_made_at_the_end_of_a_request_is_ended_too() -> None:
    log: list[str] = []
    container = Container()
    cart_that_makes_an_order_at_its_end(container, log)
    with container.scope():
        container.resolve(Cart)
    assert log == ["cart", "order"]


async def test_a_bean_that_is_first_made_at_the_end_of_an_async_request_is_ended_too() -> None:
    log: list[str] = []
    container = Container()
    cart_that_makes_an_order_at_its_end(container, log)
    async with container.ascope():
        container.resolve(Cart)
    assert log == ["cart", "order"]


async def test_a_task_that_outlives_its_request_is_refused_request_beans() -> None:
    container = request_container()
    over = asyncio.Event()

    async def later() -> Cart:
        await over.wait()
        return container.resolve(Cart)

    async with container.ascope() as scope:
        container.resolve(Cart)
        task = asyncio.create_task(later())
    over.set()
    with pytest.raises(ScopeMismatchError, match="Cart has scope request, and no request is active here"):
        await task
    with pytest.raises(ScopeMismatchError):
        scope.resolve(Order)
    with pytest.raises(ScopeMismatchError):
        await scope.aresolve(Order)


async def test_a_bean_that_is_complete_only_after_its_request_is_refused() -> None:
    over = asyncio.Event()

    async def cart() -> AsyncIterator[Cart]:
        await over.wait()
        yield Cart()

    container = Container()
    add_factory(container, cart, Cart, scope=Scope.REQUEST)
    async with container.ascope() as scope:
        tasks = [asyncio.ensure_future(scope.aresolve(Cart)) for _ in range(2)]
        await asyncio.sleep(0)
    over.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(each) for each in results] == [ScopeMismatchError] * 2


# Cycles of beans that await


def carts_and_orders_that_need_each_other(container: Container) -> None:
    async def cart(orders: Provider[Order]) -> Cart:
        await asyncio.sleep(0)
        await orders.aget()
        return Cart()

    async def order(carts: Provider[Cart]) -> Order:
        await asyncio.sleep(0)
        return Order(await carts.aget())

    add_factory(container, cart, Cart, scope=Scope.REQUEST)
    add_factory(container, order, Order, scope=Scope.REQUEST)


async def test_a_cycle_of_request_beans_that_await_is_an_error_with_its_chain() -> None:
    container = Container()
    carts_and_orders_that_need_each_other(container)
    async with container.ascope(), asyncio.timeout(5):
        for _ in range(2):
            with pytest.raises(CircularDependencyError, match="cart -> order -> cart"):
                await container.aresolve(Cart)


async def test_a_cycle_that_two_tasks_of_a_request_close_is_an_error_too() -> None:
    container = Container()
    carts_and_orders_that_need_each_other(container)
    async with container.ascope() as scope, asyncio.timeout(5):
        results = await asyncio.gather(scope.aresolve(Cart), scope.aresolve(Order), return_exceptions=True)
    assert [type(each) for each in results] == [CircularDependencyError] * 2


# Scopes that a handler keeps


def test_a_scope_that_only_a_handler_can_keep_is_not_entered() -> None:
    with pytest.raises(ScopeMismatchError, match="A scope 'tenant' cannot be entered") as raised:
        Container().scope("tenant")
    assert "Register a handler: container.register_scope('tenant', handler)." in raised.value.diagnosis.fix


class Tenants:
    """Keeps the beans of the tenant that is selected."""

    def __init__(self) -> None:
        self.current = "a"
        self.beans: dict[tuple[str, str], Any] = {}
        self.closed = 0

    def get(self, key: str, create: Callable[[], Any]) -> Any:
        found = self.beans.get((self.current, key))
        if found is None:
            found = self.beans[self.current, key] = create()
        return found

    async def close(self) -> None:
        self.closed += 1
        self.beans.clear()


@component(scope="tenant", proxy=True)
class Budget:
    def __init__(self, clock: Provider[Cart]) -> None:
        self.spent = 0


class Ledger:
    def __init__(self, budget: Budget) -> None:
        self.budget = budget


async def test_a_handler_keeps_the_beans_of_a_custom_scope() -> None:
    handler = Tenants()
    container = container_of(Budget, Ledger)
    container.register_scope("tenant", handler)
    assert container.scope_names() == ("tenant",)
    ledger = container.resolve(Ledger)
    ledger.budget.spent = 5
    assert container.resolve(Budget).spent == 5
    handler.current = "b"
    assert ledger.budget.spent == container.resolve(Budget).spent == 0
    assert (await container.aresolve(Budget)).spent == 0
    await container.unregister_scope("tenant")
    assert handler.closed == 1
    with pytest.raises(ScopeMismatchError, match="Budget has scope tenant, and no tenant is active here"):
        container.resolve(Budget)


def test_a_scope_without_handler_is_an_error_that_says_how_to_register_one() -> None:
    with pytest.raises(ScopeMismatchError) as raised:
        container_of(Budget).resolve(Budget)
    assert raised.value.diagnosis.fix == (
        "Register a handler first: container.register_scope('tenant', handler).",
    )
