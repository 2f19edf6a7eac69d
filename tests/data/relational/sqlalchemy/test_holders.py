from datetime import timedelta

from pyfly.data.relational.sqlalchemy.holders import Holders
from pyfly.testing import TestClock


def take(holders: Holders, record: object) -> None:
    holders.taken(None, record, None)


def test_a_holder_is_named_by_its_place_and_for_how_long() -> None:
    clock, connection = TestClock(), object()
    holders = Holders(clock)
    take(holders, connection)
    clock.advance(timedelta(seconds=2))
    [told] = holders.descriptions()
    assert "test_holders.py" in told
    assert told.endswith("for 2.0 s")
    holders.returned(None, connection)
    assert len(holders) == 0


def test_each_leak_is_told_once() -> None:
    clock, connection = TestClock(), object()
    holders = Holders(clock)
    take(holders, connection)
    assert list(holders.leaks(1.0)) == []
    clock.advance(timedelta(seconds=2))
    assert [holder.stack[0].function for holder in holders.leaks(1.0)] == ["take"]
    assert list(holders.leaks(1.0)) == []
