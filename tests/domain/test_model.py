from dataclasses import FrozenInstanceError, dataclass, field
from decimal import Decimal

import pytest
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.domain import AggregateRoot, DomainError, Entity, ValueObject


class Money(ValueObject):
    amount: Decimal
    currency: str = "EUR"

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise DomainError("NEGATIVE_AMOUNT")


class Price(Money):
    label: str = ""


@dataclass(frozen=True)
class Explicit(ValueObject):
    size: int


@dataclass(eq=False)
class Order(AggregateRoot[int]):
    id: int | None = None
    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.record(("added", line))


@dataclass(eq=False)
class RushOrder(Order): ...


@dataclass(eq=False)
class Customer(Entity[int]):
    id: int | None = None


class Base(DeclarativeBase): ...


class Row(Base, AggregateRoot[int]):
    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)


def test_values_with_equal_parts_are_equal_and_interchangeable_as_keys() -> None:
    assert Money(Decimal(5)) == Money(Decimal(5), "EUR")
    assert {Money(Decimal(5)): 1}[Money(Decimal(5))] == 1
    assert Money(Decimal(5)) != Money(Decimal(5), "USD")


def test_values_of_different_classes_differ() -> None:
    assert Price(Decimal(5)) != Money(Decimal(5))


def test_a_value_cannot_be_changed() -> None:
    money = Money(Decimal(5))
    with pytest.raises(FrozenInstanceError):
        money.amount = Decimal(6)  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del money.currency
    with pytest.raises(FrozenInstanceError):
        money.other = 1  # type: ignore[attr-defined]


def test_a_value_checks_its_parts_and_those_of_its_copies() -> None:
    with pytest.raises(DomainError, match="Negative amount"):
        Money(Decimal(-1))
    assert Money(Decimal(1)).with_(currency="USD") == Money(Decimal(1), "USD")
    with pytest.raises(DomainError):
        Money(Decimal(1)).with_(amount=Decimal(-1))


def test_a_value_may_be_declared_a_dataclass_by_hand() -> None:
    assert Explicit(3) == Explicit(3)
    with pytest.raises(FrozenInstanceError):
        Explicit(3).size = 4  # type: ignore[misc]


def test_values_are_fields_of_models() -> None:
    class Offer(BaseModel):
        price: Money

    assert Offer.model_validate({"price": {"amount": "5"}}).price == Money(Decimal(5))


def test_entities_are_equal_by_class_and_id() -> None:
    assert Order(1, ["a"]) == Order(1, ["b"])
    assert Order(1) == RushOrder(1)
    assert Order(1) != Order(2)
    assert Order(1) != Customer(1)
    assert len({Order(1), Order(1)}) == 1


def test_entities_without_an_id_are_equal_to_themselves_only() -> None:
    new = Order()
    assert new == new  # noqa: PLR0124  # that is the question
    assert new != Order()


def test_an_aggregate_gives_its_events_once_and_in_order() -> None:
    order = Order(1)
    assert not order.has_events
    order.add("a")
    order.add("b")
    assert order.has_events
    assert order.pull_events() == [("added", "a"), ("added", "b")]
    assert order.pull_events() == []


def test_recorded_events_are_no_part_of_the_value() -> None:
    order = Order(1)
    order.record("x")
    assert "x" not in repr(order)


def test_mapped_classes_can_be_aggregates() -> None:
    row = Row(id=1)
    row.record("made")
    assert row == Row(id=1)
    assert row.pull_events() == ["made"]
