"""Query methods of relational repositories: checked at start-up, then woven in."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from pyfly.container.definition import origin_of
from pyfly.data.derivation.methods import entity_argument, read_method, refused
from pyfly.data.derivation.shapes import Shape
from pyfly.data.derivation.signatures import SignatureError
from pyfly.data.derivation.weaving import QueryMethod, QueryMethods
from pyfly.data.exceptions import InvalidRepositoryError, UnknownPropertyError
from pyfly.data.query_interceptor import QueryMethodInterceptor
from pyfly.data.relational.sqlalchemy.hand_queries import compile_query, query_of
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.query_compiler import DerivedQuery
from pyfly.data.relational.sqlalchemy.repository import Repository


class RelationalQueries(QueryMethods):
    """Implements methods by their ``@query``, or by what their names say."""

    def check(self, cls: type) -> None:
        """Check that the repository *cls* names a mapped entity."""
        entity_of(cls)

    def implements(self, name: str, function: Callable[..., Any]) -> bool:
        """Return whether the method *name* is implemented by the framework."""
        return query_of(function) is not None or super().implements(name, function)

    def compiled(self, cls: type, name: str, function: Callable[..., Any]) -> QueryMethod:
        """Compile the query method *name* of the repository *cls*."""
        mapping: EntityMapping[Any] = mapping_of(entity_of(cls))
        described = f"{cls.__name__}.{name}"
        said = query_of(function)
        try:
            if said is not None:
                written = compile_query(said, function, mapping, described)
                return QueryMethod(written.query, written.arguments, written.shape, said.modifying)
            parsed, promise = read_method(cls, name, function, mapping)
            projection = promise.projection(mapping.model)
            query = DerivedQuery(mapping, parsed, promise.shape, described, projection)
        except (UnknownPropertyError, SignatureError, ValueError, SQLAlchemyError) as failure:
            raise refused(cls, name, function, failure) from failure
        return QueryMethod(query, promise.arguments, promise.shape, promise.shape is Shape.DELETE)


QUERIES = RelationalQueries(Repository)


def entity_of(cls: type) -> type:
    """Return the entity that the repository *cls* stores.

    Raises:
        InvalidRepositoryError: It does not say, or what it says is not mapped.
    """
    entity = entity_argument(cls, Repository)
    try:
        mapping_of(entity)
    except SQLAlchemyError as failure:
        what = f"{cls.__name__} ({origin_of(cls)}) stores {entity.__name__}, which is not a mapped entity."
        fix = f"Let {entity.__name__} inherit Base and give it a __tablename__ and a primary key."
        raise InvalidRepositoryError(what, str(failure), fix) from failure
    return entity


class DerivedQueryInterceptor(QueryMethodInterceptor):
    """Implements the query methods of repositories."""


def invalid_methods(cls: type) -> Iterator[InvalidRepositoryError]:
    """Yield one failure per method of the repository *cls* that promises what its entity cannot keep."""
    return QUERIES.invalid(cls)
