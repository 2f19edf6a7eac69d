import asyncio
import dataclasses
import enum
from datetime import UTC, date, datetime, time
from typing import Any, TypedDict
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core import PyFlyApplication
from pyfly.core.config import Config
from pyfly.data import (
    NonUniqueResultError,
    SqlClient,
)
from pyfly.data.relational.sqlalchemy import Repository, SqlAlchemyTransactionManager, UtcDateTime, UuidId
from pyfly.kernel.exceptions import DataIntegrityException
from tests.data.office.records import Letters

Manager = SqlAlchemyTransactionManager


class Measured(DeclarativeBase):
    """Values of every kind."""


class Unit(enum.Enum):
    METRE = "m"
    FOOT = "ft"


class Measure(UuidId, Measured):
    __tablename__ = "measures"

    name: Mapped[str] = mapped_column(String(20))
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    hour: Mapped[time]
    unit: Mapped[Unit]
    valid: Mapped[bool]
    raw: Mapped[bytes]


@repository
class Measures(Repository[Measure, UUID]):
    pass


@dataclasses.dataclass
class Row:
    id: UUID
    taken_at: datetime
    day: date
    hour: time
    unit: Unit | None
    valid: bool
    raw: bytes
    name: str


class Model(BaseModel):
    id: UUID
    taken_at: datetime
    unit: Unit


class Dictionary(TypedDict):
    id: UUID
    day: date


class Handmade:
    def __init__(self, id: UUID, valid: bool) -> None:
        self.id = id
        self.valid = valid


VALUES: dict[str, Any] = {
    "id": uuid4(),
    "name": "a",
    "taken_at": datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC),
    "day": date(2026, 5, 4),
    "hour": time(3, 2, 1),
    "unit": Unit.FOOT,
    "valid": True,
    "raw": b"\0x",
}
INSERT = f"INSERT INTO measures ({', '.join(VALUES)}) VALUES ({', '.join(':' + name for name in VALUES)})"


async def test_values_are_stored_and_read_as_those_of_entities_are(url: str) -> None:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    context.register_bean(Measures)
    async with context:
        client, measures = context.get_bean(SqlClient), context.get_bean(Measures)
        await client.execute(INSERT, VALUES)
        stored = await measures.get_by_id(VALUES["id"])
        assert {name: getattr(stored, name) for name in VALUES} == VALUES
        await client.execute(INSERT, [VALUES | {"id": uuid4()}, VALUES | {"id": uuid4(), "valid": False}])
        assert await measures.count(valid=False) == 1
        found = await client.query("SELECT * FROM measures WHERE id = :id", VALUES, into=Row)
        assert found == [Row(**VALUES)]
        where = {"ids": [None, VALUES["id"]], "since": VALUES["taken_at"], "unit": Unit.FOOT}
        text = "FROM measures WHERE id IN :ids AND taken_at = :since AND unit = :unit"
        assert await client.scalar(f"SELECT count(*) {text}", where) == 1
        model = await client.one(f"SELECT id, taken_at, unit {text}", where, into=Model)
        assert model == Model(**{name: VALUES[name] for name in ("id", "taken_at", "unit")})
        typed = await client.one(f"SELECT id, day {text}", where, into=Dictionary)
        assert typed == {"id": VALUES["id"], "day": VALUES["day"]}
        handmade = await client.one(f"SELECT id, valid {text}", where, into=Handmade)
        assert handmade is not None
        assert (handmade.id, handmade.valid) == (VALUES["id"], True)
        streamed = [each async for each in client.stream(f"SELECT * {text}", where, into=Row)]
        assert streamed == found


async def test_plain_code_streams_too(office: PyFlyApplication) -> None:
    client = office.context.get_bean(SqlClient)
    await client.execute(
        "INSERT INTO letters (title) VALUES (:title)", [{"title": f"t{n:04}"} for n in range(1200)]
    )

    @dataclasses.dataclass
    class Title:
        title: str

    def titles() -> list[str]:
        found = client.sync.stream(
            "SELECT title FROM letters WHERE title > :t ORDER BY title", {"t": "t0099"}, into=Title
        )
        return [each.title for each in found]

    assert await asyncio.to_thread(titles) == [f"t{n:04}" for n in range(100, 1200)]

    def first() -> Any:
        rows = client.sync.stream("SELECT title FROM letters ORDER BY title")
        row = next(rows)
        rows.close()  # type: ignore[attr-defined]
        return row

    assert await asyncio.to_thread(first) == {"title": "t0000"}
    assert await asyncio.to_thread(client.sync.scalar, "SELECT count(*) FROM letters") == 1200


async def test_sql_by_hand_binds_values_by_name(office: PyFlyApplication) -> None:
    client = office.context.get_bean(SqlClient)
    await client.execute("INSERT INTO letters (id, title) VALUES (:id, :title)", {"id": 1, "title": "O'Hara"})
    await client.execute("INSERT INTO letters (id, title) VALUES (:id, :title)", {"id": 2, "title": "b"})
    assert await client.one("SELECT title FROM letters WHERE id = :id", {"id": 1}) == {"title": "O'Hara"}
    assert await client.one("SELECT title FROM letters WHERE id = :id", {"id": 9}) is None
    assert await client.scalar("SELECT count(*) FROM letters WHERE id IN :ids", {"ids": [1, 2, 3]}) == 2
    with pytest.raises(NonUniqueResultError):
        await client.one("SELECT title FROM letters")

    @dataclasses.dataclass
    class Row:
        id: int
        title: str

    assert await client.query("SELECT id, title FROM letters ORDER BY id", into=Row) == [
        Row(1, "O'Hara"),
        Row(2, "b"),
    ]
    assert [row["id"] async for row in client.stream("SELECT id FROM letters ORDER BY id")] == [1, 2]
    with pytest.raises(DataIntegrityException):
        await client.execute("INSERT INTO letters (id, title) VALUES (1, 'again')")


async def test_sql_by_hand_joins_the_current_transaction(office: PyFlyApplication) -> None:
    client, manager = (
        office.context.get_bean(SqlClient),
        office.context.get_bean(SqlAlchemyTransactionManager),
    )
    letters = office.context.get_bean(Letters)
    with pytest.raises(LookupError):
        async with manager.transaction():
            await client.execute("INSERT INTO letters (title) VALUES ('a')")
            assert await letters.count() == 1
            raise LookupError
    assert await letters.count() == 0
