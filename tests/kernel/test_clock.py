"""The system clock and the one that stands still."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pyfly.kernel.clock import Clock, FixedClock, SystemClock, timestamps_of

NOON_IN_UTC = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_the_system_clock_gives_aware_utc_instants_and_never_goes_back() -> None:
    clock: Clock = SystemClock()
    first, second = clock.monotonic(), clock.monotonic()
    assert clock.now().utcoffset() == timedelta(0)
    assert second >= first


def test_any_clock_can_be_read_in_seconds() -> None:
    assert timestamps_of(FixedClock(NOON_IN_UTC))() == NOON_IN_UTC.timestamp()
    system = SystemClock()
    assert timestamps_of(system)() == pytest.approx(system.now().timestamp(), abs=60)


async def test_sleeping_lets_other_tasks_run_even_for_a_negative_time() -> None:
    seen: list[str] = []

    async def other() -> None:
        seen.append("other")

    task = asyncio.create_task(other())
    await SystemClock().sleep(-1)
    assert seen == ["other"]
    await task


def test_a_fixed_clock_gives_its_instant_in_utc() -> None:
    clock = FixedClock(NOON_IN_UTC.astimezone(timezone(timedelta(hours=2))))
    assert clock.now() == NOON_IN_UTC
    assert clock.now().tzinfo is UTC


async def test_sleeping_on_a_fixed_clock_takes_no_time_and_does_not_move_it() -> None:
    clock = FixedClock(NOON_IN_UTC)
    before = clock.monotonic()
    async with asyncio.timeout(10):
        await clock.sleep(3600)
    assert (clock.now(), clock.monotonic()) == (NOON_IN_UTC, before)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        FixedClock(NOON_IN_UTC.replace(tzinfo=None))
