from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import sqlite

from pyfly.data.relational.sqlalchemy import UtcDateTime

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
dialect = sqlite.dialect()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (NOON, NOON),
        (NOON.astimezone(timezone(timedelta(hours=2))), NOON),
        (NOON.replace(tzinfo=None), NOON),
        (None, None),
    ],
)
def test_an_instant_is_stored_in_utc(given: datetime | None, stored: datetime | None) -> None:
    assert UtcDateTime().process_bind_param(given, dialect) == stored


def test_an_instant_without_a_time_zone_is_read_as_utc() -> None:
    assert UtcDateTime().process_result_value(NOON.replace(tzinfo=None), dialect) == NOON
    assert UtcDateTime().process_result_value(None, dialect) is None
