"""Derived queries on entities in memory."""

from collections.abc import Callable, Sequence
from typing import Any

from pyfly.data.derivation.methods import read_method, refused
from pyfly.data.derivation.shapes import Projection, Shape
from pyfly.data.derivation.signatures import SignatureError
from pyfly.data.derivation.weaving import QueryMethod, QueryMethods
from pyfly.data.exceptions import InvalidRepositoryError, UnknownPropertyError
from pyfly.data.memory.entities import EntityModel
from pyfly.data.memory.matching import Test, both, check, condition, either
from pyfly.data.memory.operations import Selected
from pyfly.data.memory.repository import MemoryRepository
from pyfly.data.memory.store import MemorySession
from pyfly.data.pageable import Order, Pageable, Scroll, Sort, Window
from pyfly.data.query_parser import FieldPredicate, ParsedQuery
from pyfly.data.repository_reads import required


class MemoryQuery:
    """One derived query, ready to run on any session."""

    def __init__(
        self,
        model: EntityModel[Any],
        parsed: ParsedQuery,
        shape: Shape,
        name: str,
        projection: Projection | None = None,
    ) -> None:
        """Compile *parsed*, whose properties are paths, to answer in *shape*.

        Raises:
            UnknownPropertyError: It orders by something that is no property of the entity itself.
            ValueError: An operator does not fit the type of its property.
        """
        self._model = model
        self._parsed = parsed
        self._shape = shape
        self._name = name
        self._projection = projection
        self._sort = Sort(
            tuple(
                Order(clause.field_name, "desc" if clause.direction == "desc" else "asc")
                for clause in parsed.order_clauses
            )
        )
        for order in self._sort.orders:
            model.require(order.property)
        for predicate in parsed.predicates:
            check(model, predicate.field_name, predicate.operator, ignore_case=predicate.ignore_case)

    @property
    def limit(self) -> int | None:
        """Most entities ever returned."""
        return self._parsed.limit

    def run(self, session: MemorySession, arguments: Sequence[Any], window: Window | None = None) -> Any:
        """Answer with *arguments* in the order of the name, and the page or order asked for."""
        found = self._selected(arguments)
        answer = _ANSWERS.get(self._shape)
        if answer is not None:
            return answer(self, found, session)
        if isinstance(window, Pageable):
            return (found.page if self._shape is Shape.PAGE else found.window)(session, window)
        if isinstance(window, Scroll):
            return found.scroll(session, window)
        return found.all(session, window or Sort())

    def doomed(self, session: MemorySession, arguments: Sequence[Any], _window: Any = None) -> list[Any]:
        """Return what a deletion removes."""
        return self._selected(arguments).all(session)

    def chunk(
        self, session: MemorySession, arguments: Sequence[Any], sort: Sort | None, key: Any, size: int
    ) -> tuple[list[Any], Any]:
        """Return the next *size* items of a stream, and the key to go on from."""
        return self._selected(arguments).chunk(session, sort or Sort(), key, size)

    def single(self, found: Selected[Any], session: MemorySession) -> Any:
        """Return the only one, or ``None``."""
        return found.one(session, self._name)

    def required(self, found: Selected[Any], session: MemorySession) -> Any:
        """Return the only one.

        Raises:
            ResourceNotFoundException: There is none.
        """
        return required(found.one(session, self._name), self._model.model)

    def _selected(self, arguments: Sequence[Any]) -> Selected[Any]:
        left = list(arguments)
        alternatives = []
        for group in self._parsed.alternatives:
            tests = []
            for predicate in group:
                values, left = left[: predicate.arity], left[predicate.arity :]
                tests.append(_test(self._model, predicate, values))
            alternatives.append(both(tests))
        test = either(alternatives) if alternatives else None
        parsed = self._parsed
        return Selected(
            self._model, test, self._sort, parsed.limit, self._projection, distinct=parsed.distinct
        )


_ANSWERS: dict[Shape, Callable[[MemoryQuery, Selected[Any], MemorySession], Any]] = {
    Shape.COUNT: lambda query, found, session: found.count(session),
    Shape.EXISTS: lambda query, found, session: found.count(session) > 0,
    Shape.DELETE: lambda query, found, session: found.delete(session),
    Shape.OPTIONAL: MemoryQuery.single,
    Shape.ONE: MemoryQuery.required,
}


class MemoryQueries(QueryMethods):
    """Implements the derived queries of repositories in memory."""

    def check(self, cls: type) -> None:
        """Check that the repository *cls* names its entity, and properties that exist."""
        entity_model(cls)

    def compiled(self, cls: type, name: str, function: Callable[..., Any]) -> QueryMethod:
        """Compile the query method *name* of the repository *cls*."""
        model = entity_model(cls)
        parsed, promise = read_method(cls, name, function, model)
        try:
            projection = promise.projection(model.model)
            query = MemoryQuery(model, parsed, promise.shape, f"{cls.__name__}.{name}", projection)
        except (UnknownPropertyError, SignatureError, ValueError) as failure:
            raise refused(cls, name, function, failure) from failure
        return QueryMethod(query, promise.arguments, promise.shape, promise.shape is Shape.DELETE)


QUERIES = MemoryQueries(MemoryRepository)


def entity_model(cls: Any) -> EntityModel[Any]:
    """Return what is known about the entity of the repository *cls*.

    Raises:
        InvalidRepositoryError: It names none, or properties that do not exist.
    """
    try:
        model: EntityModel[Any] = cls.entity_model()
    except UnknownPropertyError as failure:
        raise InvalidRepositoryError(
            f"{cls.__name__} cannot keep {failure.entity} in memory.",
            f"{failure.entity} has no property '{failure.property}'. It has: {', '.join(failure.known)}.",
            f"Name its key: class {cls.__name__}(MemoryRepository[{failure.entity}, int], key='...').",
        ) from failure
    return model


def _test(model: EntityModel[Any], predicate: FieldPredicate, values: Sequence[Any]) -> Test:
    operator = predicate.operator
    if operator in ("eq", "not") and values[0] is None:
        operator, values = ("is_null" if operator == "eq" else "is_not_null"), []
    return condition(model, predicate.field_name, operator, values, ignore_case=predicate.ignore_case)
