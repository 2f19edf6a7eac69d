"""Durations and shares as settings take them."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from pyfly.resilience import CircuitBreaker, SharedRateLimiter
from pyfly.resilience.adapters.memory import MemoryTokenStore
from pyfly.resilience.durations import Duration, at_least, seconds, share
from pyfly.resilience.policies import exception_types
from tests import timing


@pytest.mark.parametrize(
    ("given", "found"), [("500ms", 0.5), ("1m", 60.0), (2, 2.0), (0.25, 0.25), (timedelta(seconds=3), 3.0)]
)
def test_durations_are_texts_numbers_of_seconds_or_timedeltas(given: Duration, found: float) -> None:
    assert seconds(given, "delay") == found


@pytest.mark.parametrize("given", ["soon", timedelta(seconds=-1), -1.0])
def test_anything_else_is_refused_by_the_name_of_the_setting(given: Duration) -> None:
    with pytest.raises(ValueError, match="delay is"):
        seconds(given, "delay")


def test_limits_are_checked_by_the_name_of_the_setting() -> None:
    at_least(1, 1, "size")
    with pytest.raises(ValueError, match="size is 0; expected at least 1"):
        at_least(1, 0, "size")
    assert share(1, "rate") == 1.0
    for wrong in (0, 1.01, float("nan")):
        with pytest.raises(ValueError, match="rate is"):
            share(wrong, "rate")


@pytest.mark.parametrize(
    "hostile",
    [
        "9" * 4096,
        "1h" * 2048,
        " " * 4096 + "s",
        "1" + "0" * 4096 + "s",
        "1." * 2048,
        "1e" * 2048,
        "\u00b2" * 4096,
    ],
    ids=["digits", "units", "blanks", "zeros", "points", "exponents", "superscripts"],
)
@pytest.mark.parametrize(
    "read",
    [
        lambda text: seconds(text, "delay"),
        lambda text: CircuitBreaker(window=text),
        lambda text: exception_types([text]),
        lambda text: SharedRateLimiter(MemoryTokenStore(), name="api").of(text),
    ],
    ids=["duration", "window", "exception", "key"],
)
def test_four_thousand_hostile_characters_are_read_or_refused_in_ten_milliseconds(
    hostile: str, read: Callable[[str], object]
) -> None:
    def call() -> None:
        with suppress(ValueError):
            read(hostile)

    assert timing.fastest(call, enough=0.01) <= 0.01
