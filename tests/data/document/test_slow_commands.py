import pytest

from tests.data.document.applications import Build
from tests.data.document.library.books import Authors


async def test_slow_commands_are_told_with_the_line_that_sent_them(
    build: Build, mongodb_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with build(uri=mongodb_url, data={"slow-query-threshold": "0ms"}) as app:
        authors = app.context.get_bean(Authors)
        caplog.clear()
        await authors.find_by_name("Austen")
        authors.sync.count()
        told = [each for each in caplog.messages if each.startswith("Slow statement")]
    here = "test_slow_commands_are_told_with_the_line_that_sent_them"
    assert [here in each.partition(": ")[0] for each in told] == [True, True]
