from datetime import timedelta

import pytest

from pyfly.core.config import DataSize, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("500ms", 0.5),
        ("30s", 30),
        ("2m", 120),
        ("1h", 3600),
        ("1d", 86400),
        ("1h30m", 5400),
        ("1 h 30 m", 5400),
        ("1.5s", 1.5),
        (30, 30),
        (0.25, 0.25),
        ("30", 30),
        ("PT30S", 30),
        ("PT1H30M", 5400),
        ("P1DT1S", 86401),
        (timedelta(seconds=3), 3),
    ],
)
def test_durations_are_read_as_people_write_them(text: object, seconds: float) -> None:
    assert parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize(
    "text", ["", "x", "-1s", "1 parsec", True, "P", "PT", "1m x", None, "nan", "inf", "9" * 30]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="a duration"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("10", 10),
        (10, 10),
        ("10B", 10),
        ("10KB", 10240),
        ("5 mb", 5 * 1024**2),
        ("1GiB", 1024**3),
        ("1.5k", 1536),
    ],
)
def test_sizes_are_read_as_people_write_them(text: str, count: int) -> None:
    assert DataSize(text) == count


@pytest.mark.parametrize("text", ["", "x", "-1", "1XB", True, None])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a size"):
        DataSize(text)
