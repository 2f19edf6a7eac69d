"""The preset ``statistics``: how many statements there were, how long they took, and how many failed."""

import threading
from bisect import bisect_left
from typing import Final

from pyfly.data.ports.statements import SqlHook, SqlStatement
from pyfly.kernel.record import Record

BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)
"""The upper limits, in seconds, of what the latencies are counted in; what takes longer is counted after them."""


class StatementStatistics(Record):
    """What has become of the statements of one data source since the application started.

    Attributes:
        statements: How many were answered or refused.
        errors: How many were refused.
        retries: How many were sent again, in a further attempt of their unit of work.
        seconds: How long they took together.
        longest: How long the longest took, in seconds.
        latencies: How many took no longer than each of :data:`BUCKETS`, and longer than the one before; then the rest.
    """

    statements: int = 0
    errors: int = 0
    retries: int = 0
    seconds: float = 0.0
    longest: float = 0.0
    latencies: tuple[int, ...] = (0,) * (len(BUCKETS) + 1)


class StatisticsHook(SqlHook):
    """Counts statements. What wants to publish the numbers asks for this bean."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._lock = threading.Lock()
        self._counts: dict[str, _Counts] = {}

    def before(self, statement: SqlStatement) -> None:
        """Wait until it is done."""

    def after(self, statement: SqlStatement) -> None:
        """Count *statement*."""
        self._count(statement, 0)

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Count *statement* as an error."""
        self._count(statement, 1)

    def statistics(self, datasource: str = "default") -> StatementStatistics:
        """Return the numbers of the data source of that name; zeros if nothing was sent to it."""
        with self._lock:
            counts = self._counts.get(datasource)
            return StatementStatistics() if counts is None else counts.snapshot()

    def _count(self, statement: SqlStatement, errors: int) -> None:
        with self._lock:  # Plain code has threads of its own.
            counts = self._counts.setdefault(statement.datasource, _Counts())
            counts.add(statement, errors)


class _Counts:
    __slots__ = ("errors", "latencies", "longest", "retries", "seconds")

    def __init__(self) -> None:
        self.errors = self.retries = 0
        self.seconds = self.longest = 0.0
        self.latencies = [0] * (len(BUCKETS) + 1)

    def add(self, statement: SqlStatement, errors: int) -> None:
        self.errors += errors
        self.retries += statement.attempt > 1
        self.seconds += statement.seconds
        self.longest = max(self.longest, statement.seconds)
        self.latencies[bisect_left(BUCKETS, statement.seconds)] += 1

    def snapshot(self) -> StatementStatistics:
        number = sum(self.latencies)
        return StatementStatistics(
            number, self.errors, self.retries, self.seconds, self.longest, tuple(self.latencies)
        )
