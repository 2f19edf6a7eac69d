from collections.abc import Iterator
from typing import Any

import pytest

from pyfly.container import BeanGraphError
from pyfly.testing import PyFlyTest, check_application
from tests.testing.attic import Ladder
from tests.testing.shop import (
    BUILT,
    Clerk,
    Mailer,
    Orders,
    Payment,
    Receipt,
    ShelfStock,
    Shop,
    ShopProperties,
    Stock,
    Till,
)


class MemoryStock:
    def __init__(self, properties: ShopProperties) -> None:
        self.properties = properties

    async def count(self, sku: str) -> int:
        return len(self.properties.currency)

    def name(self) -> str:
        return "memory"


class FakePayment:
    def pay(self) -> str:
        return "fake"


class FakeMailer(Mailer):
    def __init__(self) -> None:
        self.calls: list[str] = []

    async def start(self) -> None:
        self.calls.append("start")

    async def stop(self) -> None:
        self.calls.append("stop")


@pytest.fixture(autouse=True)
def built() -> Iterator[list[str]]:
    BUILT.clear()
    yield BUILT
    BUILT.clear()


async def test_what_is_replaced_is_never_built(built: list[str]) -> None:
    mailer = FakeMailer()
    async with PyFlyTest(Shop, overrides={Stock: MemoryStock, Mailer: mailer}) as app:
        assert app.get_bean(Mailer) is mailer
        assert await app.get_bean(Orders).seen() == [3, 3, "memory", 3, 3]
    assert sorted(built) == ["Bell", "Clerk"]
    assert mailer.calls == ["start", "stop"]


async def test_the_replacement_of_a_port_serves_those_who_ask_for_the_class_too() -> None:
    for replacement in (MemoryStock(ShopProperties()), MemoryStock):
        async with PyFlyTest(Shop, overrides={Stock: replacement}) as app:
            assert app.get_bean(ShelfStock).name() == "memory"
            assert app.context.get_bean_by_name("ShelfStock").name() == "memory"


async def test_the_bean_that_injection_would_get_is_replaced_or_the_one_of_a_name() -> None:
    async with PyFlyTest(Shop, overrides={Payment: FakePayment()}) as app:
        till = app.get_bean(Till)
        assert (till.payment.pay(), till.cash.pay()) == ("fake", "cash")
    async with PyFlyTest(Shop, overrides={"cash": FakePayment}) as app:
        till = app.get_bean(Till)
        assert (till.payment.pay(), till.cash.pay()) == ("card", "fake")


async def test_a_default_backs_off_for_a_replacement(built: list[str]) -> None:
    clerk = Clerk()
    async with PyFlyTest(Shop, overrides={Clerk: clerk}) as app:
        assert app.get_bean(Clerk) is clerk
    assert "Clerk" not in built


async def test_a_replacement_of_nothing_is_an_additional_bean() -> None:
    async with PyFlyTest(Shop, overrides={Ladder: Ladder}) as app:
        assert app.get_bean(Ladder).height() == 0


async def test_properties_can_be_replaced_as_a_whole() -> None:
    async with PyFlyTest(Shop, overrides={ShopProperties: ShopProperties(currency="CHF")}) as app:
        assert app.get_bean(Mailer).host == "CHF"


async def test_a_class_that_replaces_keeps_the_scope_of_the_bean() -> None:
    class Short(Receipt):
        pass

    async with PyFlyTest(Shop, overrides={Receipt: Short}) as app:
        assert app.get_bean(Receipt) is not app.get_bean(Receipt)
        assert isinstance(app.get_bean(Receipt), Short)


async def test_a_replaced_bean_can_be_overridden_again() -> None:
    async with PyFlyTest(Shop, overrides={Stock: MemoryStock}) as app:
        with app.override(ShelfStock, ShelfStock()):
            assert await app.get_bean(Orders).seen() == [1, 1, "shelf A", 1, 1]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"crad": FakePayment()}, "replaces a bean named 'crad', and there is none"),
        ({Ladder: Ladder()}, "2 fit: LongLadder, ShortLadder"),
    ],
    ids=["a name of no bean", "an ambiguous type"],
)
def test_a_replacement_without_a_place_is_part_of_the_report(overrides: dict[Any, object], said: str) -> None:
    with pytest.raises(BeanGraphError, match=said):
        check_application(Shop, overrides=overrides, packages=["tests.testing.attic"])
