"""Queries that are written down: filters and pipelines with places for the method's arguments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter

from pyfly.container.metadata import record, record_of
from pyfly.data.derivation.shapes import Projection, Shape
from pyfly.data.derivation.signatures import (
    Promise,
    SignatureError,
    answered,
    check_window,
    read_parameters,
)
from pyfly.data.derivation.weaving import QueryMethod
from pyfly.data.document.mongodb.binding import Binding
from pyfly.data.document.mongodb.model import DocumentModel, Filter
from pyfly.data.document.mongodb.selection import Selected, offered
from pyfly.data.document.mongodb.session import MongoSession
from pyfly.data.exceptions import NonUniqueResultError
from pyfly.data.pageable import Pageable, Scroll, Sort, Window
from pyfly.data.repository_reads import required
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])

# These stages have to be the first ones; what is matched after a first $match is matched together with it.
_FIRST: Final = ("$geoNear", "$match", "$rankFusion", "$scoreFusion", "$search", "$vectorSearch")
_WITHOUT_DOCUMENTS: Final = (
    "$changeStream", "$collStats", "$currentOp", "$documents", "$indexStats", "$listLocalSessions",
    "$listSearchIndexes", "$listSessions", "$planCacheStats", "$searchMeta",
)  # fmt: skip
_WHOLE: Final = (Shape.LIST, Shape.ONE, Shape.OPTIONAL)


class DocumentQueryRecord(Record, kw_only=True):
    """What ``@document_query`` says about a method.

    Attributes:
        statement: A filter, or the stages of a pipeline.
        deletes: Whether what passes is removed.
    """

    statement: Any = None
    deletes: bool = False


def document_query(
    statement: Mapping[str, Any] | Sequence[Mapping[str, Any]], *, deletes: bool = False
) -> Callable[[F], F]:
    """Answer a repository method with a filter, or with a pipeline, of MongoDB.

    Where a value should come from the call, write the parameter's name after a colon, as the whole value:
    ``@document_query({"price": {"$gt": ":low"}})``. What is passed is checked against the parameter's type
    and can only ever be a value, never an operator.

    The return annotation says what is answered: ``list[T]``, ``T``, ``T | None``, ``Page[T]``, ``Slice[T]``,
    ``Cursor[T]``, ``AsyncIterator[T]``, ``int`` (how many) or ``bool`` (whether there is one). ``T`` is the document,
    a class of some of its fields, or, for pipelines, any class of fields or ``dict[str, Any]``.

    Filters and pipelines see the documents of the repository's class, and no deleted ones except in ``include_deleted()``;
    this does not hold for collections that a pipeline looks into besides.

    Args:
        statement: The filter, or the stages.
        deletes: Remove what passes the filter, and answer how many they were.
    """

    def decorate(function: F) -> F:
        record(function, DocumentQueryRecord, statement=statement, deletes=deletes)
        return function

    return decorate


def query_of(function: Callable[..., Any]) -> DocumentQueryRecord | None:
    """Return what ``@document_query`` says about *function*."""
    return record_of(function, DocumentQueryRecord)


def compile_query(
    said: DocumentQueryRecord, function: Callable[..., Any], model: DocumentModel[Any], name: str
) -> QueryMethod:
    """Return what answers the calls of *function*.

    Raises:
        SignatureError: The statement and the signature do not fit.
    """
    hints, arguments = read_parameters(function)
    answer = hints.get("return")
    shape, item = _shape(said, answer)
    check_window(shape, hints.get(arguments.window or ""))
    binding = Binding(arguments, hints, model)
    binding.check(said.statement)
    promise = Promise(shape, item, arguments, hints)
    if isinstance(said.statement, Mapping):
        written: Any = _Filtered(model, said.statement, binding, shape, name, promise.projection(model.model))
    else:
        if shape not in _WHOLE:
            raise SignatureError("a pipeline is answered as a whole: list[T], T or T | None")
        row = None if _is_mapping(item) else promise.projection(model.model)
        written = _Piped(model, said.statement, binding, shape, name, row, is_raw=_is_mapping(item))
    return QueryMethod(written, arguments, shape, said.deletes)


class _Filtered:
    """A filter, ready to run on any session."""

    limit = None

    def __init__(
        self,
        model: DocumentModel[Any],
        statement: Any,
        binding: Binding,
        shape: Shape,
        name: str,
        projection: Projection | None,
    ) -> None:
        self._model = model
        self._statement = statement
        self._binding = binding
        self._shape = shape
        self._name = name
        self._projection = projection

    async def run(self, session: MongoSession, arguments: Sequence[Any], window: Window | None = None) -> Any:
        """Answer with *arguments*."""
        found = self._selected(arguments)
        match self._shape:
            case Shape.COUNT:
                return await found.count(session)
            case Shape.EXISTS:
                return await found.exists(session)
            case Shape.DELETE:
                return await found.delete(session)
            case Shape.OPTIONAL:
                return await found.one(session, self._name)
            case Shape.ONE:
                return required(await found.one(session, self._name), self._model.model)
        return await _windowed(found, session, self._shape, window)

    async def chunk(
        self, session: MongoSession, arguments: Sequence[Any], sort: Sort | None, key: Any, size: int
    ) -> tuple[list[Any], Any]:
        """Return the next *size* items of a stream."""
        return await self._selected(arguments).chunk(session, sort or Sort(), key, size)

    async def doomed(self, session: MongoSession, arguments: Sequence[Any], *_window: object) -> list[Any]:
        """Return the documents that it removes, for hooks that want to hear of them."""
        return await self._selected(arguments).all(session)

    def _selected(self, arguments: Sequence[Any]) -> Selected[Any]:
        passing: Filter = self._binding.bound(self._statement, arguments)
        return Selected(self._model, passing, projection=self._projection)


class _Piped:
    """A pipeline, ready to run on any session."""

    limit = None

    def __init__(
        self,
        model: DocumentModel[Any],
        stages: Any,
        binding: Binding,
        shape: Shape,
        name: str,
        projection: Projection | None,
        *,
        is_raw: bool,
    ) -> None:
        self._model = model
        self._stages = stages
        self._binding = binding
        self._shape = shape
        self._name = name
        self._row: TypeAdapter[Any] | None = TypeAdapter(projection.type) if projection is not None else None
        self._is_raw = is_raw

    async def run(self, session: MongoSession, arguments: Sequence[Any], window: Window | None = None) -> Any:
        """Answer with *arguments*."""
        stages = _offered(self._model, self._binding.bound(list(self._stages), arguments))
        started = session.collection(self._model).aggregate(stages, session=session.client_session)
        rows = [self._made(row) for row in await session.rows(await session.done(started))]
        if self._shape is Shape.LIST:
            return rows
        if len(rows) > 1:
            raise NonUniqueResultError(f"{self._name} found more than one row")
        found = rows[0] if rows else None
        return found if self._shape is Shape.OPTIONAL else required(found, self._model.model)

    async def chunk(
        self, session: MongoSession, arguments: Sequence[Any], sort: Sort | None, key: Any, size: int
    ) -> tuple[list[Any], Any]:
        """Return everything at once: pipelines are not read in parts."""
        return await self.run(session, arguments), None

    def _made(self, row: dict[str, Any]) -> Any:
        if self._is_raw:
            return row
        return self._model.parsed(row) if self._row is None else self._row.validate_python(row)


def _offered(model: DocumentModel[Any], stages: list[Any]) -> list[Any]:
    """Return *stages* for documents that a repository offers: of its class, and not deleted."""
    passing = offered(model)
    first = next(iter(stages[0]), "") if stages else ""
    if not passing or first in _WITHOUT_DOCUMENTS:
        return stages
    place = 1 if first in _FIRST else 0
    return [*stages[:place], {"$match": passing}, *stages[place:]]


async def _windowed(found: Selected[Any], session: MongoSession, shape: Shape, window: Window | None) -> Any:
    if isinstance(window, Pageable):
        return await (found.page if shape is Shape.PAGE else found.window)(session, window)
    if isinstance(window, Scroll):
        return await found.scroll(session, window)
    return await found.all(session, window or Sort())


def _shape(said: DocumentQueryRecord, answer: Any) -> tuple[Shape, Any]:
    if said.deletes:
        if answer not in (int, None, type(None)):
            raise SignatureError("it removes documents, so it answers int: how many they were")
        return Shape.DELETE, None
    if answer is int:
        return Shape.COUNT, None
    if answer is bool:
        return Shape.EXISTS, None
    return answered(answer)


def _is_mapping(item: Any) -> bool:
    return item is dict or getattr(item, "__origin__", None) is dict
