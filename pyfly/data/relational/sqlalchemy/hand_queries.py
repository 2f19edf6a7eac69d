"""``@query``: repository methods whose SQL, or whose statement, is written by hand."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Delete, Executable, Insert, Select, TextClause, Update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from pyfly.container.metadata import published, record, record_of
from pyfly.data.derivation.shapes import Shape
from pyfly.data.derivation.signatures import (
    Arguments,
    SignatureError,
    answered,
    check_window,
    named,
    read_parameters,
)
from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.pageable import Pageable, Sort, Window
from pyfly.data.relational.sqlalchemy.entity_queries import require_sql
from pyfly.data.relational.sqlalchemy.hand_rows import Rows, rows_of
from pyfly.data.relational.sqlalchemy.hand_statements import Statements, StatementText, WrittenStatement
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.refreshing import refreshed
from pyfly.data.relational.sqlalchemy.selection import Row
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.kernel.nearest import nearest
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])
_WRITES = (Insert, Update, Delete)
_WRITING_WORDS = ("insert", "update", "delete", "merge", "replace")


class QueryRecord(Record, kw_only=True):
    """What ``@query`` says about a method."""

    statement: Any = published("__pyfly_query__", default=None)
    native: bool = published("__pyfly_query_native__", default=False, always=True)
    modifying: bool = False
    count: Any = None


def query(
    statement: str | Executable | Callable[[], Executable],
    *,
    native: bool = False,
    modifying: bool = False,
    count: str | Select[Any] | None = None,
) -> Callable[[F], F]:
    """Implement a repository method by *statement*; its parameters are those of the method, by name.

    Args:
        statement: SQL text with ``:name`` parameters, a SQLAlchemy statement with ``bindparam("name")``,
            or a function that returns one.
        native: Accepted for compatibility; text is always SQL.
        modifying: The statement changes rows; the method answers how many.
        count: Counts the rows of a page; by default the statement itself is counted.
    """

    def decorate(function: F) -> F:
        record(function, QueryRecord, statement=statement, native=native, modifying=modifying, count=count)
        return function

    return decorate


def query_of(function: object) -> QueryRecord | None:
    """Return what ``@query`` says about *function*, if anything."""
    return record_of(function, QueryRecord)


class CompiledQuery(NamedTuple):
    """A query written by hand, with the form of its answer."""

    query: "HandQuery"
    arguments: Arguments
    shape: Shape


class HandQuery:
    """A query written by hand, ready to run on any session."""

    def __init__(
        self, statements: Statements, rows: Rows, names: tuple[str, ...], shape: Shape, name: str
    ) -> None:
        """Run *statements* with the parameters *names*, and answer their *rows* in *shape*."""
        self._statements = statements
        self._rows = rows
        self._names = names
        self._shape = shape
        self._name = name
        self._answer: Callable[..., Any] = getattr(self, _ANSWERS[shape])

    @property
    def limit(self) -> int | None:
        """Most rows ever returned: the statement decides."""
        return None

    def run(self, session: Session, arguments: Sequence[Any], window: Window | None = None) -> Any:
        """Answer with *arguments* in the order of the parameters, and the page or order asked for."""
        return self._answer(session, dict(zip(self._names, arguments, strict=True)), window)

    def chunk(
        self, session: Session, arguments: Sequence[Any], sort: Sort | None, key: Row | None, size: int
    ) -> tuple[list[Any], Row | None]:
        """Streams are refused when the query is compiled."""
        raise TypeError(f"{self._name} cannot be streamed")

    def _list(self, session: Session, values: dict[str, Any], window: Any) -> list[Any]:
        sort = window if isinstance(window, Sort) else Sort()
        return self._rows.read(session.execute(self._statements.listing(sort), values))

    def _optional(self, session: Session, values: dict[str, Any], _window: Any) -> Any:
        found = self._list(session, values, None)
        if len(found) > 1:
            raise NonUniqueResultError(f"{self._name} found more than one row")
        return found[0] if found else None

    def _one(self, session: Session, values: dict[str, Any], _window: Any) -> Any:
        found = self._optional(session, values, None)
        if found is None:
            raise ResourceNotFoundException(f"{self._name} found nothing", "NOT_FOUND")
        return found

    def _part(self, session: Session, values: dict[str, Any], window: Pageable, size: int) -> list[Any]:
        bounds = {"pyfly_limit": size, "pyfly_offset": window.offset}
        return self._rows.read(session.execute(self._statements.paging(window.sort), {**values, **bounds}))

    def _page(self, session: Session, values: dict[str, Any], window: Pageable) -> Any:
        from pyfly.data.page import Page

        if not window.is_paged:
            everything = self._list(session, values, window.sort)
            return Page(everything, len(everything), window.page, window.size)
        items = self._part(session, values, window, window.size)
        if len(items) < window.size and (items or window.offset == 0):
            return Page(items, window.offset + len(items), window.page, window.size)
        total = int(session.execute(self._statements.counting(), values).scalar_one())
        return Page(items, total, window.page, window.size)

    def _slice(self, session: Session, values: dict[str, Any], window: Pageable) -> Any:
        from pyfly.data.page import Slice

        if not window.is_paged:
            return Slice(self._list(session, values, window.sort), 1, window.size, False)
        items = self._part(session, values, window, window.size + 1)
        return Slice(items[: window.size], window.page, window.size, len(items) > window.size)

    def _modify(self, session: Session, values: dict[str, Any], _window: Any) -> int:
        session.flush()
        done = session.execute(self._statements.listing(Sort()), values)
        refreshed(session, self._rows.mapping)
        return int(getattr(done, "rowcount", 0))


_ANSWERS = {
    Shape.LIST: "_list",
    Shape.OPTIONAL: "_optional",
    Shape.ONE: "_one",
    Shape.PAGE: "_page",
    Shape.SLICE: "_slice",
    Shape.DELETE: "_modify",
}


def compile_query(
    said: QueryRecord, function: Callable[..., Any], mapping: EntityMapping[Any], name: str
) -> CompiledQuery:
    """Compile what ``@query`` says about *function*.

    Raises:
        SignatureError: The statement and the signature do not fit each other.
        SQLAlchemyError: The statement is none.
    """
    hints, arguments = read_parameters(function)
    written = said.statement() if _is_builder(said.statement) else said.statement
    if isinstance(written, str) and not said.native:
        require_sql(written, mapping)
    shape, item = _promised(said, written, hints)
    check_window(shape, hints.get(arguments.window or ""))
    rows = rows_of(item, mapping, is_value=shape is Shape.DELETE)
    types = {parameter: hints.get(parameter) for parameter in arguments.names}
    statements: Statements = (
        StatementText(written, types, rows, said.count)
        if isinstance(written, str)
        else WrittenStatement(written, types, rows, said.count)
    )
    _check_parameters(statements.parameters, arguments.names)
    return CompiledQuery(HandQuery(statements, rows, arguments.names, shape, name), arguments, shape)


class QueryExecutor:
    """Compiles methods marked with ``@query`` to functions of an ``AsyncSession``."""

    def compile_query_method(self, method: Callable[..., Any], entity: type) -> Callable[..., Awaitable[Any]]:
        """Return ``async (session, **parameters)`` that runs the query of *method*.

        Raises:
            AttributeError: The method is not decorated with ``@query``.
            SignatureError: The statement and the signature do not fit each other.
        """
        said = query_of(getattr(method, "__func__", method))
        if said is None:
            raise AttributeError(f"{getattr(method, '__name__', method)} is not decorated with @query")
        mapping: EntityMapping[Any] = mapping_of(entity)
        compiled = compile_query(said, getattr(method, "__func__", method), mapping, method.__name__)

        async def run(session: AsyncSession, *args: Any, **parameters: Any) -> Any:
            values, window = compiled.arguments.split(args, parameters)
            return await session.run_sync(compiled.query.run, values, window)

        return run


def _is_builder(statement: object) -> bool:
    return callable(statement) and not isinstance(statement, Executable | TextClause)


def _promised(said: QueryRecord, written: Any, hints: dict[str, Any]) -> tuple[Shape, Any]:
    writes = _writes(written)
    if said.modifying != writes:
        wrong = "changes rows, so say modifying=True" if writes else "changes nothing, so modifying is wrong"
        raise SignatureError(f"its statement {wrong}")
    answer = hints.get("return", list)
    if writes:
        if answer not in (int, None, type(None)) and "return" in hints:
            raise SignatureError(f"it answers int, but is annotated with {named(answer)}")
        return Shape.DELETE, None
    if "return" not in hints and isinstance(written, str):
        return _guessed(written)
    shape, item = answered(answer)
    if shape not in _ANSWERS:
        raise SignatureError("a @query answers a list, one row, Page[T] or Slice[T]")
    return shape, item


def _guessed(written: str) -> tuple[Shape, Any]:
    start = " ".join(written.lower().split())
    if start.startswith("select count"):
        return Shape.ONE, int
    return (Shape.ONE, bool) if start.startswith("select exists") else (Shape.LIST, None)


def _writes(written: Any) -> bool:
    if isinstance(written, str):
        return written.lstrip("( \n\t").lower().startswith(_WRITING_WORDS)
    return isinstance(written, _WRITES)


def _check_parameters(wanted: Sequence[str], given: tuple[str, ...]) -> None:
    for name in wanted:
        if name not in given:
            near = nearest(name, given)
            hint = f"; did you mean ':{near}'?" if near else ""
            raise SignatureError(f"its statement uses ':{name}', which is no parameter of the method{hint}")
    if unused := [name for name in given if name not in wanted]:
        raise SignatureError(f"its statement does not use the parameter '{unused[0]}'")
