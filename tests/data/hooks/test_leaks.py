import logging

import pytest

from pyfly.data import DataSource
from pyfly.data.hooks import Leak, LeakHook
from pyfly.data.hooks.leaks import LOST
from tests.data.conftest import OfficeBuild

file_only = pytest.mark.parametrize("url", ["file"], indirect=True)


def test_a_leak_names_the_data_source_and_the_lines_that_took_the_connection() -> None:
    assert str(Leak(datasource="default", seconds=2, stack=())) == (
        "A connection of data source 'default' has been in use for more than 2 s; it was taken at:\n"
        "  code of the framework"
    )


@file_only
async def test_what_is_not_given_back_before_the_stop_is_told(
    office_with: OfficeBuild, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with office_with(url) as office:
        hook = office.context.get_bean(LeakHook)
        connection = await office.context.get_bean(DataSource).engine.connect()
        [held] = hook.held()
        assert held.datasource == "default"
        assert hook.count == 0
    [lost] = LOST
    LOST.clear()
    await connection.invalidate()  # The pool that it belongs to is closed.
    await connection.close()
    assert lost.is_lost
    assert hook.count == 1
    [record] = [each for each in caplog.records if "was never given back" in each.getMessage()]
    assert record.levelno == logging.WARNING
    assert "test_leaks.py" in vars(record)["place"]


@file_only
async def test_the_hook_can_be_left_out_and_added(office_with: OfficeBuild, url: str) -> None:
    for name in ("leak", "leak-hook"):
        async with office_with(url, hooks={name: {"enabled": False}}) as office:
            assert not office.context.container.definitions_of(LeakHook)
    async with office_with(url, hooks={"leak": {"enabled": True}}) as office:
        office.context.get_bean(LeakHook)
