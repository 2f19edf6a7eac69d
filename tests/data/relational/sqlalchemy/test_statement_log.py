import logging

import pytest

from pyfly.data import (
    SqlClient,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.conftest import OfficeBuild
from tests.data.office.records import Clerk

Manager = SqlAlchemyTransactionManager


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_slow_statements_are_reported_with_their_place_and_without_their_values(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "pyfly.data.slow")
    async with office_with(url, **{"slow-query-threshold": "0s"}) as office:
        await office.context.get_bean(SqlClient).execute(
            "INSERT INTO letters (title) VALUES (:title)", {"title": "a secret"}
        )
    [record] = [each for each in caplog.records if "INSERT" in each.getMessage()]
    told = record.getMessage()
    assert "test_statement_log.py" in told
    assert "1 rows" in told
    assert "str(8)" in told
    assert "a secret" not in told


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_every_statement_can_be_logged_with_its_transaction(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with office_with(url, log={"statements": True, "parameters": "full"}) as office:
        caplog.set_level(logging.DEBUG, "pyfly.data.sql")
        await office.context.get_bean(Clerk).write_with_note("letter")
    told = [each.getMessage() for each in caplog.records if "INSERT" in each.getMessage()]
    assert len(told) == 2
    assert all("transaction " in line and "letter" in line for line in told)
