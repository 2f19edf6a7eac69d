"""SQL by hand, without an entity: named parameters in, dictionaries or records out."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar, cast, get_type_hints, overload

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.relational.sqlalchemy.errors import translating
from pyfly.data.relational.sqlalchemy.hand_rows import column_type
from pyfly.data.relational.sqlalchemy.sync_transactions import SyncTransaction, SyncTransactions
from pyfly.data.relational.sqlalchemy.transaction_manager import (
    SqlAlchemyTransaction,
    SqlAlchemyTransactionManager,
)

T = TypeVar("T")
Row = dict[str, Any]
Parameters = Mapping[str, Any] | None
_MANY = (list, tuple, set, frozenset)
_AT_ONCE = 500
"""How many rows of a stream a plain driver is asked for at once."""


class SqlClient:
    """Runs SQL in the current transaction, or each statement in one of its own that is committed.

    Values are given by name (``:name``) and never become a part of the text; a list fills ``IN :names``. They are
    stored as those of entities are, and read so where the class that rows are made into annotates its fields.
    """

    def __init__(self, manager: SqlAlchemyTransactionManager) -> None:
        """Use the data source of *manager*."""
        self._manager = manager

    @property
    def sync(self) -> "SyncSqlClient":
        """The same for code that is not async."""
        return SyncSqlClient(self._manager.sync)

    @overload
    async def query(self, sql: str, parameters: Parameters = None) -> list[Row]: ...
    @overload
    async def query(self, sql: str, parameters: Parameters = None, *, into: type[T]) -> list[T]: ...
    async def query(self, sql: str, parameters: Parameters = None, *, into: type | None = None) -> list[Any]:
        """Return the rows as dictionaries, or as objects of class *into*, which takes the columns by name."""
        return await self._manager.write(_query, sql, parameters, into)

    @overload
    async def one(self, sql: str, parameters: Parameters = None) -> Row | None: ...
    @overload
    async def one(self, sql: str, parameters: Parameters = None, *, into: type[T]) -> T | None: ...
    async def one(self, sql: str, parameters: Parameters = None, *, into: type | None = None) -> Any:
        """Return the only row, or ``None``.

        Raises:
            NonUniqueResultError: There are several.
        """
        return await self._manager.write(_one, sql, parameters, into)

    async def scalar(self, sql: str, parameters: Parameters = None) -> Any:
        """Return the first column of the first row, or ``None``."""
        return await self._manager.write(_scalar, sql, parameters)

    async def execute(self, sql: str, parameters: Parameters | Iterable[Mapping[str, Any]] = None) -> int:
        """Run a statement that changes rows, once or once per mapping, and return how many it changed."""
        return await self._manager.write(_execute, sql, parameters)

    async def stream(
        self, sql: str, parameters: Parameters = None, *, into: Any = None
    ) -> AsyncIterator[Any]:
        """Yield the rows one by one without loading all of them; a transaction runs as long as that takes."""
        async with self._manager.transaction() as transaction:
            session = cast("SqlAlchemyTransaction", transaction).session
            with translating():
                result = await session.stream(_statement(sql, parameters, into), dict(parameters or {}))
                async for row in result.mappings():
                    yield _made(row, into)


class SyncSqlClient:
    """What :class:`SqlClient` does, for code that is not async."""

    def __init__(self, transactions: SyncTransactions) -> None:
        """Use the data source of *transactions*."""
        self._transactions = transactions

    @overload
    def query(self, sql: str, parameters: Parameters = None) -> list[Row]: ...
    @overload
    def query(self, sql: str, parameters: Parameters = None, *, into: type[T]) -> list[T]: ...
    def query(self, sql: str, parameters: Parameters = None, *, into: type | None = None) -> list[Any]:
        """Return the rows as dictionaries, or as objects of class *into*."""
        return self._transactions.write(_query, sql, parameters, into)

    @overload
    def one(self, sql: str, parameters: Parameters = None) -> Row | None: ...
    @overload
    def one(self, sql: str, parameters: Parameters = None, *, into: type[T]) -> T | None: ...
    def one(self, sql: str, parameters: Parameters = None, *, into: type | None = None) -> Any:
        """Return the only row, or ``None``."""
        return self._transactions.write(_one, sql, parameters, into)

    def scalar(self, sql: str, parameters: Parameters = None) -> Any:
        """Return the first column of the first row, or ``None``."""
        return self._transactions.write(_scalar, sql, parameters)

    def execute(self, sql: str, parameters: Parameters | Iterable[Mapping[str, Any]] = None) -> int:
        """Run a statement that changes rows, and return how many it changed."""
        return self._transactions.write(_execute, sql, parameters)

    def stream(self, sql: str, parameters: Parameters = None, *, into: Any = None) -> Iterator[Any]:
        """Yield the rows one by one without loading all of them; a transaction runs as long as that takes."""
        with self._transactions.transaction_sync() as transaction:
            session = cast("SyncTransaction", transaction).session
            with translating():
                statement = _statement(sql, parameters, into).execution_options(yield_per=_AT_ONCE)
                with closing(session.execute(statement, dict(parameters or {}))) as result:
                    for row in result.mappings():
                        yield _made(row, into)


def _query(session: Session, sql: str, parameters: Parameters, into: type | None) -> list[Any]:
    rows = session.execute(_statement(sql, parameters, into), dict(parameters or {})).mappings()
    return [_made(row, into) for row in rows]


def _one(session: Session, sql: str, parameters: Parameters, into: type | None) -> Any:
    result = session.execute(_statement(sql, parameters, into), dict(parameters or {}))
    found = result.mappings().fetchmany(2)
    if len(found) > 1:
        raise NonUniqueResultError("The query promises one row and found more")
    return _made(found[0], into) if found else None


def _scalar(session: Session, sql: str, parameters: Parameters) -> Any:
    return session.execute(_statement(sql, parameters), dict(parameters or {})).scalar()


def _execute(session: Session, sql: str, parameters: Parameters | Iterable[Mapping[str, Any]]) -> int:
    if parameters is None or isinstance(parameters, Mapping):
        result: Any = session.execute(_statement(sql, parameters), dict(parameters or {}))
    else:
        several = [dict(each) for each in parameters]
        if not several:
            return 0
        result = session.execute(_statement(sql, _samples(several)), several)
    return max(int(result.rowcount), 0)


def _samples(several: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a value for each name, by which all of its values are bound: the first that is one."""
    found: dict[str, Any] = {}
    for each in several:
        found.update({name: value for name, value in each.items() if found.get(name) is None})
    return found


def _made(row: Any, into: Any) -> Any:
    return dict(row) if into is None else into(**row)


def _statement(sql: str, parameters: Parameters, into: Any = None) -> Any:
    bound = tuple((name, _kind(value)) for name, value in (parameters or {}).items() if _kind(value))
    return _compiled(sql, bound, into)


def _kind(value: Any) -> Any:
    """Return what has to be said about *value* when it is bound: that it is a list, its class, or nothing."""
    if isinstance(value, _MANY):
        sample = next((each for each in value if each is not None), None)
        return (_MANY, _kind(sample))
    if isinstance(value, datetime):
        return datetime if value.tzinfo is not None else None  # a naive one is what the column takes as it is
    return type(value) if column_type(type(value)) is not None else None


@lru_cache(maxsize=512)
def _compiled(sql: str, bound: tuple[tuple[str, Any], ...], into: Any) -> Any:
    statement = text(sql)
    if bound:
        named = statement.compile().params
        statement = statement.bindparams(*(_bound(name, kind) for name, kind in bound if name in named))
    types = {} if into is None else _types(into)
    return statement.columns(**types) if types else statement


def _bound(name: str, kind: Any) -> Any:
    is_several = isinstance(kind, tuple)
    wanted = kind[1] if isinstance(kind, tuple) else kind
    return bindparam(name, type_=column_type(wanted), expanding=is_several)


def _types(into: Any) -> dict[str, Any]:
    """Return the types of the columns that become fields of *into*, where a driver alone would not know them."""
    hints = get_type_hints(into) or get_type_hints(into.__init__)
    return {name: found for name, hint in hints.items() if (found := column_type(hint)) is not None}
