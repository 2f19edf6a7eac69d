from datetime import timedelta

import psycopg
import pymysql
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import make_transient_to_detached

from pyfly.data import TransactionConflictError
from pyfly.data.relational.sqlalchemy.repeating import RelationalRepeating
from pyfly.data.repeating import Repeatable
from pyfly.kernel.exceptions import ConcurrencyException, ServiceUnavailableException
from tests.data.ledger import Entry

REPEATING = RelationalRepeating(3, timedelta(milliseconds=50))
CONFLICT = TransactionConflictError("another one was faster")


def lost(statement: str | None = "SELECT 1", *, postgresql: bool = False) -> ServiceUnavailableException:
    failure = ServiceUnavailableException("gone")
    cause: BaseException = psycopg.OperationalError() if postgresql else pymysql.OperationalError()
    failure.__cause__ = OperationalError(statement, {}, cause, connection_invalidated=True)
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
        (lost(postgresql=True), (), True),
        (lost(postgresql=True), (Entry(name="a"),), False),
        (lost(None, postgresql=True), (), False),
    ],
)
def test_a_conflict_is_repeated_unless_entities_were_handed_in(
    failure: Exception, arguments: tuple[object, ...], repeatable: bool
) -> None:
    assert REPEATING.is_repeatable(failure, arguments) is repeatable


def test_reads_are_repeated_when_the_connection_broke_and_writes_are_not() -> None:
    assert REPEATING.is_transient(lost(), (), is_read=True)
    assert not REPEATING.is_transient(lost("INSERT INTO x VALUES (1)"), (), is_read=False)
    assert REPEATING.is_transient(lost(" select 1"), (), is_read=False)
    assert not REPEATING.is_transient(ServiceUnavailableException("never was there"), (), is_read=True)


def test_writes_are_repeated_where_they_were_undone_with_certainty() -> None:
    assert REPEATING.is_transient(lost("INSERT", postgresql=True), (1,), is_read=False)
    assert not REPEATING.is_transient(lost(None, postgresql=True), (1,), is_read=False)
    assert REPEATING.is_transient(lost("INSERT", postgresql=True), ([Entry(name="a")],), is_read=False)


def test_entities_that_were_stored_have_lost_their_changes() -> None:
    stored = Entry(name="a")
    make_transient_to_detached(stored)
    assert not REPEATING.is_transient(lost("UPDATE", postgresql=True), ([stored],), is_read=False)


def test_pauses_are_random_and_may_grow() -> None:
    pauses = [[REPEATING.pause_after(attempt) for _ in range(50)] for attempt in (1, 2, 3)]
    assert all(0 <= pause <= 0.05 * 2**number for number, each in enumerate(pauses) for pause in each)
    assert max(pauses[2]) > 0.05


def test_lost_connections_are_not_repeated_where_they_are_left_out() -> None:
    conflicts = RelationalRepeating(3, timedelta(milliseconds=50), (Repeatable.CONFLICT,))
    assert conflicts.is_repeatable(CONFLICT, ())
    assert not conflicts.is_repeatable(lost(postgresql=True), ())
    assert not conflicts.is_transient(lost(), (), is_read=True)
