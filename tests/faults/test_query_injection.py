"""Hostile names and values in queries: names are refused, values are data, and nothing else ever changes."""

import random
import string
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import (
    DataSource,
    FilterOperator,
    Order,
    Pageable,
    Scroll,
    Sort,
    UnknownPropertyError,
)
from pyfly.data.relational.sqlalchemy import Repository, query
from pyfly.kernel.exceptions import InvalidRequestException

# mypy: disable-error-code=empty-body

GATE, NIGHTLY = 5_000, 50_000
BATCH = 100
COLUMNS = ("id", "name", "price")
PHRASES = (
    "' OR '1'='1", "'; DROP TABLE canary; --", "\\'; DELETE FROM canary; --", "1; UPDATE canary SET intact=0",
    "admin'--", '" OR ""="', "') UNION SELECT * FROM canary --", "%", "_", "\\", "%%", "a%b", "a_b", "[a-z]", "*",
    ":name", "%(name)s", "?", "$1", "{0}", "${jndi:x}", "/**/", "0x27", "name DESC", "name, (SELECT 1)", "CASE WHEN 1",
    "name--", "(SELECT intact FROM canary)", "__class__", "metadata", "registry", "id.__class__", "name.desc",
)  # fmt: skip


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Row(Tables):
    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    price: Mapped[int] = mapped_column(default=0)


class Canary(Tables):
    __tablename__ = "canary"

    id: Mapped[int] = mapped_column(primary_key=True)
    intact: Mapped[int] = mapped_column(default=1)


@repository
class Rows(Repository[Row, int]):
    async def find_by_name(self, name: str) -> list[Row]: ...
    async def find_by_name_containing(self, name: str) -> list[Row]: ...
    async def find_by_name_starting_with(self, name: str) -> list[Row]: ...
    async def find_by_name_ending_with(self, name: str) -> list[Row]: ...
    async def find_by_name_in(self, names: list[str]) -> list[Row]: ...

    @query("SELECT * FROM rows WHERE name = :name")
    async def written(self, name: str) -> list[Row]: ...


@dataclass
class Tally:
    """What was tried."""

    values: int = 0
    names: int = 0
    wrong: list[Any] = field(default_factory=list)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/rows.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def context(url: str) -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    context.register_bean(Rows)
    async with context:
        async with context.get_bean(DataSource).engine.begin() as connection:
            await connection.run_sync(Tables.metadata.create_all)
            await connection.execute(text("INSERT INTO canary (id, intact) VALUES (1, 1)"))
        yield context


def _value(chance: random.Random) -> str:
    parts = [
        chance.choice(PHRASES) if chance.random() < 0.5 else "".join(chance.choices(string.printable, k=4))
        for _ in range(chance.randint(1, 3))
    ]
    return "".join(parts)[:200]


def _oracle(known: dict[int, str], value: str) -> dict[str, list[int]]:
    return {
        "find_by_name": [key for key, name in known.items() if name == value],
        "find_by_name_containing": [key for key, name in known.items() if value in name],
        "find_by_name_starting_with": [key for key, name in known.items() if name.startswith(value)],
        "find_by_name_ending_with": [key for key, name in known.items() if name.endswith(value)],
        "written": [key for key, name in known.items() if name == value],
    }


async def _try_values(rows: Rows, chance: random.Random, number: int, tally: Tally) -> None:
    known = {row.id: row.name for row in await rows.save_all([Row(name=_value(chance)) for _ in range(60)])}
    for _ in range(number):
        value = chance.choice([*known.values()]) if chance.random() < 0.5 else _value(chance)
        start, end = sorted((chance.randint(0, len(value)), chance.randint(0, len(value))))
        value = value[start:end] or value
        method, wanted = chance.choice([*_oracle(known, value).items()])
        found = [row.id for row in await getattr(rows, method)(value)]
        tally.values += 1
        if sorted(found) != sorted(wanted):
            tally.wrong.append((method, value))


async def _try_names(rows: Rows, chance: random.Random, number: int, tally: Tally) -> None:
    for _ in range(number):
        name = _value(chance)
        if name in COLUMNS:
            continue
        attempt = chance.randrange(5)
        tally.names += 1
        try:
            sort = Sort((Order(name, chance.choice(["asc", "desc"])),))
            if attempt == 0:
                await rows.find_all(sort)
            elif attempt == 1:
                await rows.find_all(Pageable.of(1, 5, sort))
            elif attempt == 2:
                await rows.find_all(**{name: 1})
            elif attempt == 3:
                await rows.find_all_by_spec(FilterOperator.eq(name, 1))
            else:
                await rows.find_all(Scroll(name, 5))
        except (UnknownPropertyError, InvalidRequestException):
            continue
        tally.wrong.append(("accepted", attempt, name))


async def _intact(context: ApplicationContext) -> list[tuple[int, int]]:
    async with context.get_bean(DataSource).engine.connect() as connection:
        found = await connection.execute(text("SELECT id, intact FROM canary"))
        return [(row.id, row.intact) for row in found]


async def _campaign(context: ApplicationContext, number: int) -> None:
    rows, chance, tally = context.get_bean(Rows), random.Random(19), Tally()
    await _try_values(rows, chance, number // 2, tally)
    await _try_names(rows, chance, number - number // 2, tally)
    assert tally.wrong == []
    assert tally.values + tally.names >= number * 0.99
    assert await _intact(context) == [(1, 1)]


async def test_hostile_names_and_values_reach_nothing(context: ApplicationContext) -> None:
    await _campaign(context, GATE // 2)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
async def test_very_many_hostile_names_and_values_reach_nothing(context: ApplicationContext) -> None:
    await _campaign(context, NIGHTLY // 2)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=string.ascii_lowercase + "_", min_size=1, max_size=40))
def test_names_of_methods_are_understood_or_refused_never_anything_else(name: str) -> None:
    from pyfly.data.derivation.methods import resolve
    from pyfly.data.relational.sqlalchemy.mapping import mapping_of

    try:
        parsed = resolve(f"find_by_{name}", mapping_of(Row))
    except (UnknownPropertyError, ValueError):
        return
    assert {predicate.field_name for predicate in parsed.predicates} <= set(COLUMNS)
