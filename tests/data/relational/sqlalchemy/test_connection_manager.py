import pytest
from sqlalchemy import text

from pyfly.core import PyFlyApplication
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.office.records import Letters, Porter

Manager = SqlAlchemyTransactionManager


async def test_a_connection_by_hand_is_that_of_the_transaction(office: PyFlyApplication) -> None:
    connections, letters = office.context.get_bean(Porter).connections, office.context.get_bean(Letters)
    async with connections.transaction() as first:
        await first.execute(text("INSERT INTO letters (title) VALUES ('a')"))
        async with connections.transaction() as second, connections.connection() as third:
            assert first.sync_connection is second.sync_connection is third.sync_connection
            assert await letters.count() == 1
    with pytest.raises(LookupError):
        async with connections.transaction(timeout="5s") as connection:
            await connection.execute(text("INSERT INTO letters (title) VALUES ('b')"))
            raise LookupError
    with connections.transaction_sync() as plain:
        assert plain.execute(text("SELECT count(*) FROM letters")).scalar() == 1
    async with connections.connection("archive") as connection:
        assert (await connection.execute(text("SELECT count(*) FROM papers"))).scalar() == 0
