from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from pyfly.data import TransactionConflictError
from pyfly.data.relational.sqlalchemy.repeating import RelationalRepeating
from pyfly.kernel.exceptions import ConcurrencyException, ServiceUnavailableException
from tests.data.ledger import Entry

REPEATING = RelationalRepeating(3, timedelta(milliseconds=50))
CONFLICT = TransactionConflictError("another one was faster")


def lost() -> ServiceUnavailableException:
    failure = ServiceUnavailableException("gone")
    failure.__cause__ = OperationalError("SELECT 1", {}, Exception(), connection_invalidated=True)
    return failure


@pytest.mark.parametrize(
    ("failure", "arguments", "repeatable"),
    [
        (CONFLICT, (), True),
        (CONFLICT, (1, "a"), True),
        (CONFLICT, (Entry(name="a"),), False),
        (CONFLICT, ([1, [Entry(name="a")]],), False),
        (ConcurrencyException("stale"), (), False),
        (lost(), (), False),
    ],
)
def test_a_conflict_is_repeated_unless_entities_were_handed_in(
    failure: Exception, arguments: tuple[object, ...], repeatable: bool
) -> None:
    assert REPEATING.is_repeatable(failure, arguments) is repeatable


def test_reads_are_repeated_when_the_connection_broke_and_writes_are_not() -> None:
    assert REPEATING.is_transient(lost(), (), is_read=True)
    assert not REPEATING.is_transient(lost(), (), is_read=False)
    assert not REPEATING.is_transient(ServiceUnavailableException("never was there"), (), is_read=True)


def test_pauses_are_random_and_may_grow() -> None:
    pauses = [[REPEATING.pause_after(attempt) for _ in range(50)] for attempt in (1, 2, 3)]
    assert all(0 <= pause <= 0.05 * 2**number for number, each in enumerate(pauses) for pause in each)
    assert max(pauses[2]) > 0.05
