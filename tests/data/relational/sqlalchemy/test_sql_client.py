import dataclasses

import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import (
    NonUniqueResultError,
    SqlClient,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.kernel.exceptions import DataIntegrityException
from tests.data.office.records import Letters

Manager = SqlAlchemyTransactionManager


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
