from pathlib import Path

import pytest
from sqlalchemy import text

from pyfly.actuator.indicators import indicators_of
from pyfly.core import PyFlyApplication
from pyfly.data import (
    DataSource,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.conftest import OfficeBuild
from tests.data.office.records import Clerk, Letter, Letters, Paper, Papers, Porter

Manager = SqlAlchemyTransactionManager


async def test_each_data_source_has_its_own_tables_and_transactions(office: PyFlyApplication) -> None:
    letters, papers = office.context.get_bean(Letters), office.context.get_bean(Papers)
    clerk = office.context.get_bean(Clerk)
    await letters.save(Letter(title="here"))
    await papers.save(Paper(title="there"))
    for fail in (clerk.write_and_fail, clerk.file_and_fail):
        with pytest.raises(LookupError):
            await fail("nowhere")
    assert [letter.title for letter in await letters.find_all()] == ["here"]
    assert [paper.title for paper in await papers.find_all()] == ["there"]
    porter = office.context.get_bean(Porter)
    assert (porter.main.name, porter.archive.name) == ("default", "archive")
    async with porter.archive.engine.connect() as connection:
        assert not await connection.run_sync(lambda on: on.dialect.has_table(on, "letters"))


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_read_only_transactions_use_the_replica(
    office_with: OfficeBuild, url: str, tmp_path: Path
) -> None:
    async with office_with(url, replica="copy") as office:
        source = office.context.get_bean(DataSource)
        assert source.replica is not None
        async with source.replica.engine.begin() as connection:
            await connection.run_sync(Letter.metadata.create_all)
            await connection.execute(text("INSERT INTO letters (title) VALUES ('from the replica')"))
        await office.context.get_bean(Letters).save(Letter(title="from the primary"))
        assert await office.context.get_bean(Clerk).titles() == ["from the replica"]
        assert await office.context.get_bean(Letters).count() == 1


async def test_a_data_source_that_does_not_answer_stops_the_start_unless_it_is_optional(
    office_with: OfficeBuild, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = {"url": "sqlite:////nowhere/a.db", "optional": True}
    archive = {"url": f"sqlite:///{tmp_path}/archive.db", "schema": "create"}
    async with office_with("sqlite://", datasources={"archive": archive, "gone": gone}) as office:
        source = office.context.get_bean_by_name("gone")
        assert not await source.ping()
    assert "going on without it" in caplog.text


async def test_each_data_source_has_a_health_of_its_own(office: PyFlyApplication) -> None:
    found = dict(indicators_of(office.context.container))
    assert {"db", "db-archive", "db-copy"} <= found.keys()
    assert (await found["db-archive"].health()).status == "UP"
