import asyncio
import inspect
import threading
from collections.abc import AsyncIterator
from re import Pattern
from typing import Any

import pytest

from pyfly.container import NoSuchBeanError, NoUniqueBeanError
from pyfly.core.config import Config
from pyfly.kernel.diagnosis import explain
from pyfly.testing import Override, OverrideError, PyFlyTest
from tests.testing.attic import Ladder, Ledger, LongLadder, ShortLadder
from tests.testing.shop import (
    Address,
    Basket,
    Card,
    Cash,
    Loyal,
    Mailer,
    Orders,
    Payment,
    Receipt,
    ShelfStock,
    Shop,
    Stock,
    Till,
)

REAL = [1, 1, "shelf A", 1, 1]
FAKE = [7, 7, "fake", 7, 7]


class FakeStock:
    async def count(self, sku: str) -> int:
        return 7

    def name(self) -> str:
        return "fake"


class FakePayment:
    def __init__(self, answer: str = "fake") -> None:
        self.answer = answer

    def pay(self) -> str:
        return self.answer


@pytest.fixture
async def app() -> AsyncIterator[PyFlyTest]:
    async with PyFlyTest(Shop) as app:
        yield app


def stock_override(app: PyFlyTest, **options: Any) -> Override[Any]:
    return app.override(Stock, FakeStock(), **options)


async def test_beans_injected_before_see_the_fake_even_through_methods_they_have_kept(app: PyFlyTest) -> None:
    orders = app.get_bean(Orders)
    assert await orders.seen() == REAL
    with stock_override(app):
        assert await orders.seen() == FAKE
    assert await orders.seen() == REAL


async def test_the_block_yields_the_fake_and_get_bean_returns_it(app: PyFlyTest) -> None:
    fake = FakeStock()
    async with app.override(Stock, fake) as given:
        assert given is fake
        assert app.get_bean(Stock) is fake  # type: ignore[type-abstract]
    assert type(app.get_bean(Stock)).__name__ == "ShelfStock"  # type: ignore[type-abstract]


async def test_nothing_is_built_again_for_an_override(app: PyFlyTest) -> None:
    before = {each.name: id(each.instance) for each in app.context.container.definitions() if each.created}
    with stock_override(app):
        app.get_bean(Orders)
    after = {each.name: id(each.instance) for each in app.context.container.definitions() if each.created}
    assert after == before


async def test_the_bean_is_back_when_the_block_fails(app: PyFlyTest) -> None:
    with pytest.raises(LookupError), stock_override(app):
        raise LookupError
    assert await app.get_bean(Orders).seen() == REAL


async def test_the_innermost_override_wins_and_the_outer_one_returns(app: PyFlyTest) -> None:
    till = app.get_bean(Till)
    with app.override(Payment, FakePayment("outer")):
        with app.override(Payment, FakePayment("inner")):
            assert till.payment.pay() == "inner"
        assert till.payment.pay() == "outer"


async def test_an_override_is_not_entered_twice_at_a_time(app: PyFlyTest) -> None:
    override = stock_override(app)
    with override, pytest.raises(RuntimeError, match="in use"):
        override.__enter__()
    with override:
        assert await app.get_bean(Orders).seen() == FAKE


async def test_tests_that_run_at_the_same_time_do_not_see_each_other(app: PyFlyTest) -> None:
    till, seen, both = app.get_bean(Till), {}, asyncio.Barrier(3)

    async def run(answer: str) -> None:
        with app.override(Payment, FakePayment(answer)):
            await both.wait()
            seen[answer] = till.payment.pay()
            await both.wait()

    async def plain() -> None:
        await both.wait()
        seen["none"] = till.payment.pay()
        await both.wait()

    await asyncio.gather(run("a"), run("b"), plain())
    assert seen == {"a": "a", "b": "b", "none": "card"}


async def test_threads_do_not_see_each_other_but_work_handed_to_one_does(app: PyFlyTest) -> None:
    till, seen = app.get_bean(Till), []
    with app.override(Payment, FakePayment()):
        thread = threading.Thread(target=lambda: seen.append(till.payment.pay()))
        thread.start()
        await asyncio.to_thread(thread.join)
        seen.append(await asyncio.to_thread(till.payment.pay))
    assert seen == ["card", "fake"]


async def test_a_task_started_in_the_block_sees_the_fake_until_the_block_ends(app: PyFlyTest) -> None:
    till, ended, seen = app.get_bean(Till), asyncio.Event(), []

    async def work() -> None:
        seen.append(till.payment.pay())
        await ended.wait()
        seen.append(till.payment.pay())

    with app.override(Payment, FakePayment()):
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
    ended.set()
    await task
    assert seen == ["fake", "card"]


async def test_an_override_everywhere_reaches_tasks_that_ran_already(app: PyFlyTest) -> None:
    till, begun, seen = app.get_bean(Till), asyncio.Event(), []

    async def server() -> None:
        await begun.wait()
        seen.append(till.payment.pay())

    task = asyncio.create_task(server())
    await asyncio.sleep(0)
    with app.override(Payment, FakePayment(), everywhere=True):
        begun.set()
        await task
    assert (seen, till.payment.pay()) == (["fake"], "card")


async def test_a_bean_is_chosen_by_type_as_injection_does_or_by_name(app: PyFlyTest) -> None:
    till = app.get_bean(Till)
    with app.override(Payment, FakePayment(), name="cash"):
        assert (till.payment.pay(), till.cash.pay()) == ("card", "fake")
        assert isinstance(app.get_bean(Payment, name="cash"), FakePayment)  # type: ignore[type-abstract]
    with app.override(Cash, FakePayment()):
        assert (till.payment.pay(), till.cash.pay()) == ("card", "fake")


async def test_an_override_that_matches_nothing_is_an_error_that_helps(app: PyFlyTest) -> None:
    with pytest.raises(NoSuchBeanError, match="Shop"):
        app.override(Shop, Shop())
    with pytest.raises(NoSuchBeanError, match="cach") as failure:
        app.override(Payment, FakePayment(), name="cach")
    assert "cash" in " ".join(failure.value.diagnosis.fix)
    with pytest.raises(NoSuchBeanError, match="not a Orders"):
        app.override(Orders, object(), name="cash")


async def test_an_ambiguous_type_must_be_narrowed_by_name() -> None:
    async with PyFlyTest(Shop, packages=["tests.testing.attic"]) as app:
        with pytest.raises(NoUniqueBeanError):
            app.override(Ladder, Ladder())
        with app.override(Ladder, Ladder(), name="LongLadder"):
            assert (app.get_bean(LongLadder).height(), app.get_bean(ShortLadder).height()) == (0, 2)


async def test_a_bean_that_cannot_be_overridden_says_so_and_how_else(app: PyFlyTest) -> None:
    with pytest.raises(OverrideError, match="'sku' cannot be overridden") as failure:
        app.override(Pattern, None)
    assert "overrides=" in str(failure.value)
    assert explain(failure.value) is failure.value.diagnosis
    with pytest.raises(OverrideError):
        app.override(Config, Config())


async def test_only_a_running_application_can_be_overridden() -> None:
    app = PyFlyTest(Shop)
    with pytest.raises(OverrideError, match="does not run"):
        stock_override(app)


async def test_of_a_transient_bean_the_instances_made_in_the_block_are_overridden(app: PyFlyTest) -> None:
    fake = Receipt()
    with app.override(Receipt, fake):
        assert app.get_bean(Receipt) is fake
        assert app.context.get_bean(Receipt) is fake
    assert app.get_bean(Receipt) is not fake


async def test_frozen_and_slotted_beans_can_be_overridden_and_compare_as_before(app: PyFlyTest) -> None:
    address, basket = app.get_bean(Address), app.get_bean(Basket)
    assert address == Address("High Street")
    assert basket == Basket("nobody")
    with app.override(Address, Address("Low Street")):
        assert (address.street, str(address)) == ("Low Street", "Address(street='Low Street')")
    basket.owner = "somebody"
    with app.override(Basket, Basket("fake")) as fake:
        basket.owner = "changed"
        assert fake.owner == "changed"
    assert basket.owner == "somebody"


async def test_a_fake_may_pass_calls_on_to_the_original(app: PyFlyTest) -> None:
    shelf, calls = app.original(ShelfStock), []

    class Spy(FakeStock):
        def name(self) -> str:
            calls.append("name")
            return f"spied {shelf.name()}"

    with app.override(Stock, Spy()):
        assert app.context.get_bean(ShelfStock).name() == "spied shelf A"
    app.get_bean(ShelfStock).shelf = "B"
    assert (shelf.name(), calls) == ("shelf B", ["name"])
    with pytest.raises(TypeError, match="Address keeps attributes in slots"):
        app.original(Address)


async def test_special_methods_are_answered_by_the_fake_too(app: PyFlyTest) -> None:
    shelf = app.get_bean(ShelfStock)

    class Long(ShelfStock):
        def __init__(self) -> None: ...

        def __len__(self) -> int:
            return 99

    with app.override(ShelfStock, Long()):
        assert len(shelf) == 99
        assert isinstance(shelf, Long)
    assert len(shelf) == 1


async def test_beans_of_a_test_application_look_like_those_of_production(app: PyFlyTest) -> None:
    shelf = app.get_bean(ShelfStock)
    assert shelf.__class__ is ShelfStock
    assert inspect.iscoroutinefunction(shelf.count)
    assert inspect.signature(shelf.count) == inspect.signature(ShelfStock().count)
    assert app.get_bean(Card).pay() == "card"
    assert app.get_bean(Mailer).host == "EUR"


async def test_what_a_fake_does_not_have_is_not_found_in_the_bean(app: PyFlyTest) -> None:
    class Fake:
        def two(self) -> str:
            return "fake two"

    loyal = app.get_bean(Loyal)
    kept = loyal.two
    with app.override(Loyal, Fake()):
        assert (loyal.two(), kept()) == ("fake two", "fake two")
        with pytest.raises(AttributeError, match="'Fake' object has no attribute 'anything'"):
            loyal.anything  # noqa: B018
    assert (loyal.anything, kept()) == ("real anything", "one")


async def test_a_lazy_bean_is_made_before_it_is_overridden() -> None:
    async with PyFlyTest(Shop, packages=["tests.testing.attic"]) as app:
        definition = app.context.container.definition("ledger")
        assert definition is not None
        assert not definition.created
        with app.override(Ledger, Ledger()) as fake:
            fake.value = 3
            assert app.context.get_bean(Ledger).value == 3
        assert app.context.get_bean(Ledger).value == 1
