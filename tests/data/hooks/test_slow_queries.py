import logging

import pytest

from pyfly.data import SqlClient
from pyfly.data.hooks import SlowQueryHook
from tests.data.conftest import OfficeBuild

SQL = "INSERT INTO letters (title) VALUES (:title)"


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_slow_statements_are_reported_with_their_place_and_without_their_values(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "pyfly.data.slow")
    async with office_with(url, **{"slow-query-threshold": "0s"}) as office:
        await office.context.get_bean(SqlClient).execute(SQL, {"title": "a secret"})
    [record] = [each for each in caplog.records if "INSERT" in each.getMessage()]
    told = record.getMessage()
    assert "test_slow_queries.py" in told
    assert "1 rows" in told
    assert "str(8)" in told
    assert "a secret" not in told
    fields = vars(record)
    assert "test_slow_queries.py" in fields["place"]
    assert (fields["datasource"], fields["rows"], fields["attempt"]) == ("default", 1, 1)
    assert "secret" not in str(fields["parameters"])


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_slow_statements_are_counted_where_the_application_can_read_it(
    office_with: OfficeBuild, url: str
) -> None:
    async with office_with(url, **{"slow-query-threshold": "0s"}) as office:
        hook, client = office.context.get_bean(SlowQueryHook), office.context.get_bean(SqlClient)
        before = hook.count
        await client.execute(SQL, {"title": "letter"})
        assert hook.count == before + 1


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_the_preset_has_a_threshold_of_its_own(office_with: OfficeBuild, url: str) -> None:
    async with office_with(url, hooks={"slow-query": {"enabled": True}}) as office:
        hook = office.context.get_bean(SlowQueryHook)
        await office.context.get_bean(SqlClient).query("SELECT 1")
        assert hook.count == 0
    both = {"slow-query-threshold": "0s", "hooks": {"slow-query": {"enabled": False}}}
    async with office_with(url, **both) as office:
        assert not office.context.container.definitions_of(SlowQueryHook)
