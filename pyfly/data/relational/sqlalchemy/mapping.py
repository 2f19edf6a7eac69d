"""What the mapper knows about an entity, looked up once and kept."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, UnaryExpression, tuple_
from sqlalchemy import inspect as inspect_mapped
from sqlalchemy.orm import InstrumentedAttribute, Mapper, RelationshipProperty

from pyfly.data.exceptions import UnfitValueError, UnknownPropertyError
from pyfly.data.pageable import Sort
from pyfly.data.relational.sqlalchemy.compared import accepted_by

T = TypeVar("T")

_JOINED = ("joined", False)
_EAGER = (*_JOINED, "selectin", "subquery", "immediate")
SOFT_DELETE = "_pyfly_soft_delete"
"""The mark of entities whose rows are kept when they are deleted."""


class EntityMapping(Generic[T]):
    """The mapped columns, the primary key and the relationships of one entity."""

    def __init__(self, model: type[T]) -> None:
        """Read the mapper of *model*."""
        mapper: Mapper[T] = inspect_mapped(model)
        self.model = model
        self.mapper = mapper
        self.name = model.__name__
        self.columns: dict[str, InstrumentedAttribute[Any]] = {
            attribute.key: getattr(model, attribute.key) for attribute in mapper.column_attrs
        }
        self.relationships: dict[str, RelationshipProperty[Any]] = dict(mapper.relationships.items())
        self.identity = tuple(
            self.columns[mapper.get_property_by_column(column).key] for column in mapper.primary_key
        )
        self._accepted = tuple(map(accepted_by, self.identity))
        self.is_versioned = mapper.version_id_col is not None
        self.eager = tuple(r for r in mapper.relationships if r.lazy in _EAGER and not r.viewonly)
        self.joins_eagerly = _joins_eagerly(mapper, set())
        self.collections = {name for name, relation in self.relationships.items() if relation.uselist}
        self.is_soft = hasattr(model, SOFT_DELETE)
        self.deletes_in_bulk = not (self.relationships or self.is_soft)

    def column(self, name: str) -> InstrumentedAttribute[Any]:
        """Return the mapped column called *name*; nothing else can be reached by name.

        Raises:
            UnknownPropertyError: There is no such column.
        """
        try:
            return self.columns[name]
        except KeyError:
            raise UnknownPropertyError(self.name, name, tuple(self.columns)) from None

    def path(self, name: str) -> str | None:
        """Return the dotted path of the property written as *name* (``owner_last_name``), if it exists."""
        if name in self.columns or name in self.collections:
            return name
        for relationship, relation in self.relationships.items():
            if name.startswith(f"{relationship}_"):
                rest = mapping_of(relation.mapper.class_).path(name[len(relationship) + 1 :])
                if rest is not None:
                    return f"{relationship}.{rest}"
        return None

    def names(self) -> tuple[str, ...]:
        """Return what a query may mention: the columns, and those of related entities one step away."""
        related = [
            f"{name}_{column}"
            for name, relation in self.relationships.items()
            for column in mapping_of(relation.mapper.class_).columns
        ]
        return (*self.columns, *related)

    def ordering(self, sort: Sort, *, stable: bool = False) -> list[UnaryExpression[Any]]:
        """Return the ORDER BY of *sort*; a *stable* one ends with the primary key.

        Raises:
            UnknownPropertyError: A property is no mapped column.
        """
        clauses = []
        for order in sort.orders:
            column = self.column(order.property)
            clauses.append(column.desc() if order.direction == "desc" else column.asc())
        if stable:
            named = {order.property for order in sort.orders}
            clauses += [column.asc() for column in self.identity if column.key not in named]
        return clauses

    def identity_of(self, entity: object) -> tuple[Any, ...]:
        """Return the primary key of *entity*, with ``None`` where it has no value yet."""
        return tuple(getattr(entity, column.key) for column in self.identity)

    def identity_parameters(self, identity: object) -> dict[str, Any]:
        """Return the parameters that stand for one *identity* (a tuple if composite) in SQL."""
        return {f"id_{position}": value for position, value in enumerate(self.identity_values(identity))}

    def identity_values(self, identity: object) -> tuple[Any, ...]:
        """Return *identity* as a tuple, whether it is composite or not.

        Raises:
            UnfitValueError: It is of another type than the primary key, which MariaDB would convert.
            ValueError: It has another number of parts.
        """
        values = tuple(identity) if isinstance(identity, tuple) else (identity,)
        if len(values) != len(self.identity):
            raise ValueError(f"{self.name} is identified by {', '.join(self.identity_names())}")
        for value, accepted in zip(values, self._accepted, strict=True):
            if accepted and value is not None and not isinstance(value, accepted):
                raise UnfitValueError(f"{value!r:.50} identifies no {self.name}", "INVALID_VALUE")
        return values

    def identified(self, identities: Sequence[tuple[Any, ...]]) -> ColumnElement[bool]:
        """Return the condition of being one of *identities*."""
        if len(self.identity) == 1:
            return self.identity[0].in_([values[0] for values in identities])
        return tuple_(*self.identity).in_(list(identities))

    def identity_names(self) -> Iterable[str]:
        """Return the names of the primary key's columns."""
        return [column.key for column in self.identity]


def criterion(mapping: EntityMapping[Any], path: str, condition: Any) -> ColumnElement[bool]:
    """Return ``condition(column)`` for the column at *path*; related entities are reached by EXISTS."""
    head, _, rest = path.partition(".")
    if not rest:
        found: ColumnElement[bool] = condition(mapping.column(head))
        return found
    related = mapping.relationships.get(head)
    if related is None:
        raise UnknownPropertyError(mapping.name, head, tuple(mapping.relationships))
    inner = criterion(mapping_of(related.mapper.class_), rest, condition)
    attribute = getattr(mapping.model, head)
    reached: ColumnElement[bool] = attribute.any(inner) if related.uselist else attribute.has(inner)
    return reached


@cache
def _mapping(model: Any) -> EntityMapping[Any]:
    return EntityMapping(model)


def mapping_of(model: type[T]) -> EntityMapping[T]:
    """Return the mapping of *model*, read once per class."""
    return _mapping(cast("Any", model))


@cache
def reached_from(model: Any) -> frozenset[type]:
    """Return *model* and the entities that it refers to, directly or through others."""
    mapper: Mapper[Any] = inspect_mapped(model)
    found, left = {mapper}, [mapper]
    while left:
        for kind in left.pop().self_and_descendants:
            new = {relation.mapper for relation in kind.relationships} - found
            found |= new
            left += new
    return frozenset(each.class_ for each in found)


def _joins_eagerly(mapper: Mapper[Any], seen: set[Mapper[Any]]) -> bool:
    """Return whether loading joins collections, so that rows repeat and have to be made unique."""
    if mapper in seen:
        return False
    seen.add(mapper)
    return any(
        relation.lazy in _JOINED and (relation.uselist or _joins_eagerly(relation.mapper, seen))
        for relation in mapper.relationships
    )
