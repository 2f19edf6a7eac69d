import logging

import pytest

from pyfly.data import SqlClient
from pyfly.kernel.correlation import correlated
from tests.data.conftest import OfficeBuild
from tests.data.office.records import Clerk, Letters

file_only = pytest.mark.parametrize("url", ["file"], indirect=True)


@file_only
async def test_every_statement_can_be_logged_with_its_transaction(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with office_with(url, log={"statements": True, "parameters": "full"}) as office:
        caplog.set_level(logging.DEBUG, "pyfly.data.sql")
        await office.context.get_bean(Clerk).write_with_note("letter")
    told = [each.getMessage() for each in caplog.records if "INSERT" in each.getMessage()]
    assert len(told) == 2
    assert all("transaction " in line and "letter" in line for line in told)


async def test_a_record_is_made_of_fields_and_has_the_id_of_its_request(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with office_with(url, hooks={"statement-log": {"enabled": True}}) as office:
        client = office.context.get_bean(SqlClient)
        await client.execute("INSERT INTO letters (title) VALUES (:title)", [{"title": "a"}, {"title": "b"}])
        caplog.set_level(logging.DEBUG, "pyfly.data.sql")
        with correlated("request-7"):
            await client.query("SELECT title FROM letters WHERE title < :last", {"last": "z"})
            await office.context.get_bean(Letters).find_all()
    by_hand, by_repository = (vars(each) for each in caplog.records if "SELECT" in each.getMessage())
    assert by_hand["rows"] == by_repository["rows"] == 2
    assert by_hand["statement"].startswith("SELECT title FROM letters WHERE title <")
    assert by_hand["duration_ms"] > 0
    assert by_hand["transaction_id"] == by_repository["transaction_id"] == "request-7"
    assert "'z'" not in str(by_hand["parameters"])


@file_only
async def test_the_level_can_be_chosen(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pyfly.data.sql")
    async with office_with(url, log={"statements": True, "level": "info"}) as office:
        with pytest.raises(Exception, match="refused"):
            await office.context.get_bean(SqlClient).query("SELECT * FROM nowhere")
    record = [each for each in caplog.records if each.name == "pyfly.data.sql"][-1]
    assert record.levelno == logging.INFO
    assert vars(record)["failure"] == "OperationalError"
