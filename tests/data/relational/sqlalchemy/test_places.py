"""The line of the application is told wherever the framework makes a task for its own purposes."""

import logging

import pytest

from pyfly.data import DataSource, SqlClient
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.conftest import OfficeBuild
from tests.data.office.records import Letter, Letters


@pytest.mark.parametrize("url", ["memory", "file"], indirect=True)
async def test_a_slow_statement_of_async_code_is_told_with_its_place(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "pyfly.data.slow")
    async with office_with(url, **{"slow-query-threshold": "0s"}) as office:
        letters, client = office.context.get_bean(Letters), office.context.get_bean(SqlClient)
        caplog.clear()
        await letters.save(Letter(title="a"))
        await client.query("SELECT 1")
        async with office.context.get_bean(SqlAlchemyTransactionManager).transaction():
            await letters.count()
    places = [vars(each)["place"] for each in caplog.records if each.name == "pyfly.data.slow"]
    assert len(places) >= 3
    assert all("test_places.py" in place for place in places), places


@pytest.mark.parametrize("url", ["memory", "file"], indirect=True)
async def test_who_holds_a_connection_is_told(office_with: OfficeBuild, url: str) -> None:
    async with office_with(url) as office:
        source = office.context.get_bean(DataSource)
        manager = office.context.get_bean(SqlAlchemyTransactionManager)
        async with manager.transaction():
            await office.context.get_bean(Letters).count()
            [(holder, _)] = source.holders.held()
    assert "test_places.py" in holder.place
