"""Values of another kind than the column are refused alike on every database, instead of being converted."""

# mypy: disable-error-code=empty-body

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import JSON, Numeric, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import FilterOperator, FilterUtils, InvalidValueError
from pyfly.data.relational.sqlalchemy import Repository, UtcDateTime, UuidId
from pyfly.kernel.exceptions import BusinessException


class Kinds(DeclarativeBase):
    """The tables of these tests."""


class Colour(Enum):
    RED = "red"


class Shade(StrEnum):
    DARK = "dark"


class Thing(UuidId, Kinds):
    __tablename__ = "things"

    name: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2, asdecimal=False))
    active: Mapped[bool]
    day: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    colour: Mapped[Colour]
    extra: Mapped[dict[str, Any]] = mapped_column(JSON)


class Numbered(Kinds):
    __tablename__ = "numbered"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


@repository
class Things(Repository[Thing, UUID]):
    async def find_by_name(self, name: str) -> list[Thing]: ...

    async def find_by_name_in(self, names: list[str]) -> list[Thing]: ...

    async def find_by_number_between(self, low: float, high: float) -> list[Thing]: ...


@repository
class Numbers(Repository[Numbered, int]):
    pass


KEY = uuid4()
VALUES: dict[str, Any] = {
    "id": KEY,
    "name": "a",
    "number": 1,
    "price": 2.5,
    "active": True,
    "day": date(2026, 1, 2),
    "made_at": datetime(2026, 1, 2, tzinfo=UTC),
    "colour": Colour.RED,
}


@pytest.fixture
async def kinds(url: str) -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    for bean in (Things, Numbers):
        context.register_bean(bean)
    async with context:
        await context.get_bean(Things).save(Thing(**VALUES, extra={"a": 1}))
        await context.get_bean(Numbers).save(Numbered(id=1, name="dark"))
        yield context


@pytest.mark.parametrize(
    "filters",
    [
        *({name: {"$ne": 1}} for name in VALUES),
        *({name: [0]} for name in VALUES),
        {"name": 0},
        {"name": True},
        {"name": b"a"},
        {"number": "a"},
        {"number": "1 or 1=1"},
        {"price": "1e400"},
        {"active": "yes"},
        {"day": "2026-01-02"},
        {"made_at": 0},
        {"id": "1"},
    ],
    ids=str,
)
async def test_what_a_column_cannot_hold_is_refused_as_a_filter(
    kinds: ApplicationContext, filters: dict[str, Any]
) -> None:
    things = kinds.get_bean(Things)
    [(name, value)] = filters.items()
    for call in (
        things.find_all(**filters),
        things.count(**filters),
        things.find_all_by_spec(FilterUtils.from_dict(filters)),
        things.delete_by_spec(FilterOperator.eq(name, value)),
        things.find_all_by_spec(FilterOperator.in_list(name, [value])),
    ):
        with pytest.raises(InvalidValueError) as raised:
            await call
        assert isinstance(raised.value, BusinessException)
    assert await things.count() == 1


async def test_it_is_refused_as_an_argument_and_as_an_identity(kinds: ApplicationContext) -> None:
    things, numbers = kinds.get_bean(Things), kinds.get_bean(Numbers)
    wrong: Any
    for wrong in (0, {"$ne": ""}, ["a"]):
        with pytest.raises(InvalidValueError):
            await things.find_by_name(wrong)
        with pytest.raises(InvalidValueError):
            await things.find_by_name_in([wrong])
        with pytest.raises(InvalidValueError):
            await things.find_all_by_spec(FilterOperator.contains("name", wrong))
    for wrong in ("1 or 1=1", "1", {"$ne": 0}, [1]):
        for call in (numbers.find_by_id, numbers.exists, numbers.delete, numbers.delete_by_id, numbers.purge):
            with pytest.raises(InvalidValueError):
                await call(wrong)
        with pytest.raises(InvalidValueError):
            await numbers.find_all_by_id([wrong])
        with pytest.raises(InvalidValueError):
            numbers.sync.find_by_id(wrong)
    assert await numbers.count() == 1


async def test_what_it_can_hold_or_be_compared_with_is_not(kinds: ApplicationContext) -> None:
    things, numbers = kinds.get_bean(Things), kinds.get_bean(Numbers)
    for name, value in VALUES.items():
        assert await things.count(**{name: value}) == 1, name
    assert await things.count_by_spec(FilterOperator.gt("number", 0.5)) == 1
    assert await things.count_by_spec(FilterOperator.lt("price", Decimal("2.6"))) == 1
    assert len(await things.find_by_number_between(0.5, 1.5)) == 1
    assert await numbers.count(name=Shade.DARK) == 1
    assert await things.count(name=None) == 0
    assert await numbers.find_by_id(1) is not None
