"""Query methods of document repositories: checked at start-up, then woven in."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from beanie import Document

from pyfly.container.definition import origin_of
from pyfly.data.derivation.methods import entity_argument, read_method, refused
from pyfly.data.derivation.shapes import Projection, Shape
from pyfly.data.derivation.signatures import SignatureError
from pyfly.data.derivation.weaving import QueryMethod, QueryMethods
from pyfly.data.document.mongodb.criteria import ALWAYS, Criterion, both, criterion, either
from pyfly.data.document.mongodb.hand_queries import compile_query, query_of
from pyfly.data.document.mongodb.model import DocumentModel, model_of
from pyfly.data.document.mongodb.repository import MongoRepository
from pyfly.data.document.mongodb.selection import Selected
from pyfly.data.document.mongodb.session import MongoSession
from pyfly.data.exceptions import InvalidRepositoryError, UnknownPropertyError
from pyfly.data.pageable import Order, Pageable, Scroll, Sort, Window
from pyfly.data.query_parser import ParsedQuery
from pyfly.data.repository_reads import required


class MongoQuery:
    """One derived query, ready to run on any session."""

    def __init__(
        self,
        model: DocumentModel[Any],
        parsed: ParsedQuery,
        shape: Shape,
        name: str = "",
        projection: Projection | None = None,
    ) -> None:
        """Compile *parsed*, whose properties are paths, to answer in *shape*.

        Raises:
            ValueError: An operator does not fit the type of its property.
            SignatureError: Different rows of a part of the document are asked for.
        """
        if parsed.distinct and projection is not None:
            raise SignatureError("MongoDB cannot leave out equal rows of a part of the document")
        self._model = model
        self._shape = shape
        self._name = name or parsed.prefix
        self._limit = parsed.limit
        self._projection = projection
        self._sort = Sort(
            tuple(
                Order(clause.field_name, "desc" if clause.direction == "desc" else "asc")
                for clause in parsed.order_clauses
            )
        )
        self._alternatives: list[list[tuple[int, Criterion]]] = [
            [
                (
                    predicate.arity,
                    criterion(
                        model, predicate.field_name, predicate.operator, ignore_case=predicate.ignore_case
                    ),
                )
                for predicate in group
            ]
            for group in parsed.alternatives
        ]

    @property
    def limit(self) -> int | None:
        """Most documents ever returned."""
        return self._limit

    async def run(self, session: MongoSession, arguments: Sequence[Any], window: Window | None = None) -> Any:
        """Answer with *arguments* in the order of the name, and the page or order asked for."""
        found = self._selected(arguments)
        answer = _ANSWERS.get(self._shape)
        if answer is not None:
            return await answer(self, found, session)
        if isinstance(window, Pageable):
            return await (found.page if self._shape is Shape.PAGE else found.window)(session, window)
        if isinstance(window, Scroll):
            return await found.scroll(session, window)
        return await found.all(session, window or Sort())

    async def chunk(
        self, session: MongoSession, arguments: Sequence[Any], sort: Sort | None, key: Any, size: int
    ) -> tuple[list[Any], Any]:
        """Return the next *size* items of a stream, and the key to go on from."""
        return await self._selected(arguments).chunk(session, sort or Sort(), key, size)

    async def single(self, found: Selected[Any], session: MongoSession) -> Any:
        """Return the only one, or ``None``."""
        return await found.one(session, self._name)

    async def required(self, found: Selected[Any], session: MongoSession) -> Any:
        """Return the only one.

        Raises:
            ResourceNotFoundException: There is none.
        """
        return required(await found.one(session, self._name), self._model.model)

    async def doomed(self, session: MongoSession, arguments: Sequence[Any], *_window: object) -> list[Any]:
        """Return the documents that it removes, for hooks that want to hear of them."""
        return await self._selected(arguments).all(session)

    def _selected(self, arguments: Sequence[Any]) -> Selected[Any]:
        left = list(arguments)
        alternatives = []
        for group in self._alternatives:
            verdicts = []
            for arity, criterion_ in group:
                values, left = left[:arity], left[arity:]
                verdicts.append(criterion_(values))
            alternatives.append(both(verdicts))
        passing = either(alternatives).holds if alternatives else ALWAYS
        return Selected(self._model, passing, self._sort, self._limit, self._projection)


_ANSWERS: dict[Shape, Callable[[MongoQuery, Selected[Any], MongoSession], Awaitable[Any]]] = {
    Shape.COUNT: lambda query, found, session: found.count(session),
    Shape.EXISTS: lambda query, found, session: found.exists(session),
    Shape.DELETE: lambda query, found, session: found.delete(session),
    Shape.OPTIONAL: MongoQuery.single,
    Shape.ONE: MongoQuery.required,
}


class MongoQueries(QueryMethods):
    """Implements methods by their ``@document_query``, or by what their names say."""

    def check(self, cls: type) -> None:
        """Check that the repository *cls* names a document."""
        document_of(cls)

    def implements(self, name: str, function: Callable[..., Any]) -> bool:
        """Return whether the method *name* is implemented by the framework."""
        return query_of(function) is not None or super().implements(name, function)

    def compiled(self, cls: type, name: str, function: Callable[..., Any]) -> QueryMethod:
        """Compile the query method *name* of the repository *cls*."""
        model = model_of(document_of(cls))
        described = f"{cls.__name__}.{name}"
        query: Any
        try:
            if (said := query_of(function)) is not None:
                return compile_query(said, function, model, described)
            parsed, promise = read_method(cls, name, function, model)
            query = MongoQuery(model, parsed, promise.shape, described, promise.projection(model.model))
        except (UnknownPropertyError, SignatureError, ValueError) as failure:
            raise refused(cls, name, function, failure) from failure
        return QueryMethod(query, promise.arguments, promise.shape, promise.shape is Shape.DELETE)


QUERIES = MongoQueries(MongoRepository)


def document_of(cls: type) -> type[Document]:
    """Return the class of documents that the repository *cls* stores.

    Raises:
        InvalidRepositoryError: It does not say, or what it says is no document.
    """
    found = entity_argument(cls, MongoRepository)
    if not issubclass(found, Document):
        raise InvalidRepositoryError(
            f"{cls.__name__} ({origin_of(cls)}) stores {found.__name__}, which is no document.",
            "MongoRepository keeps documents that Beanie knows.",
            f"Let {found.__name__} inherit BaseDocument.",
        )
    return found
