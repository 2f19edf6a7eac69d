"""Specifications as boolean expressions of SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SelectBase, and_, inspect, not_, or_, select, tuple_
from sqlalchemy.orm.util import AliasedClass

from pyfly.data.relational.sqlalchemy.criteria import condition_on, preparation
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.data.relational.sqlalchemy.selection import Selection
from pyfly.data.specification import All, Condition, Either, Negation, Specification

__all__ = ["Specification", "expression", "filtered", "selection"]

Expression = ColumnElement[bool]


def expression(specification: Specification[Any], mapping: EntityMapping[Any]) -> Expression | None:
    """Return what *specification* says about the entity of *mapping*; ``None`` if it says nothing.

    Raises:
        UnknownPropertyError: It names something that is not mapped.
        ValueError: An operator does not fit the type of its property, or a query says more than which entities are
            meant.
    """
    if isinstance(specification, Condition):
        return _condition(specification, mapping)
    if isinstance(specification, All):
        found = [expression(part, mapping) for part in specification.parts]
        said = [part for part in found if part is not None]
        join = or_ if isinstance(specification, Either) else and_
        return join(*said) if said else None
    if isinstance(specification, Negation):
        inner = expression(specification.part, mapping)
        return None if inner is None else not_(inner)
    return _predicate(specification, mapping)


def filtered(specification: Specification[Any], root: Any, query: Select[Any]) -> Select[Any]:
    """Return *query* with the condition of *specification* on the entity *root* added."""
    if not isinstance(root, AliasedClass):
        found = expression(specification, mapping_of(root))
        return query if found is None else query.where(found)
    mapping: EntityMapping[Any] = mapping_of(inspect(root).mapper.class_)
    found = expression(specification, mapping)
    if found is None:
        return query
    identity = [getattr(root, name) for name in mapping.identity_names()]
    return query.where(_found_by(select(mapping.model).where(found), identity, mapping))


def selection(specification: Specification[Any], mapping: EntityMapping[Any]) -> Selection[Any]:
    """Return the entities that meet *specification*."""
    found = expression(specification, mapping)
    return Selection(mapping, () if found is None else (found,))


def _condition(condition: Condition, mapping: EntityMapping[Any]) -> Expression:
    prepared = preparation(condition.operator, ignore_case=condition.ignore_case)
    values = tuple(prepare(value) for prepare, value in zip(prepared, condition.values, strict=False))
    path = condition.field if "." in condition.field else mapping.path(condition.field) or condition.field
    return condition_on(mapping, path, condition.operator, values, ignore_case=condition.ignore_case)


def _predicate(specification: Specification[Any], mapping: EntityMapping[Any]) -> Expression | None:
    assert specification.predicate is not None  # noqa: S101  # every other kind has been dealt with
    if specification.takes_query:
        said = specification.predicate(mapping.model, select(mapping.model))
    else:
        said = specification.predicate(mapping.model)
    if isinstance(said, Specification):
        return expression(said, mapping)
    if isinstance(said, Select) and _only_filters(said, mapping):
        said = said.whereclause
    if isinstance(said, SelectBase):
        return _found_by(said, mapping.identity, mapping)
    condition: Expression | None = said
    if condition is None or _is_about(mapping, condition):
        return condition
    # The table of another entity would multiply the rows of the query that the condition is added to.
    return _found_by(select(mapping.model).where(condition), mapping.identity, mapping)


def _only_filters(said: Select[Any], mapping: EntityMapping[Any]) -> bool:
    return bool(said.compare(select(mapping.model).where(*said._where_criteria)))  # noqa: SLF001


def _is_about(mapping: EntityMapping[Any], condition: Expression) -> bool:
    """Return whether *condition* is one on the entity's own row: whatever else it names is inside of subqueries."""
    own = {*mapping.mapper.tables, mapping.mapper.selectable}
    return all(each in own for each in getattr(condition, "_from_objects", ()))


def _found_by(said: SelectBase, identity: Sequence[Any], mapping: EntityMapping[Any]) -> Expression:
    """Return the condition that *identity* is one of those that the query *said* finds, whatever it is made of."""
    _require_condition(said)
    # A table inside of IN: MariaDB takes no LIMIT there otherwise.
    rows = said.subquery()
    own: tuple[Any, ...] = mapping.mapper.primary_key
    keys = [key for column in own if (key := rows.corresponding_column(column)) is not None]
    if len(keys) < len(own):
        raise ValueError(
            f"A specification of {mapping.name} has to select it: add conditions to the query it is given"
        )
    found: Expression = (identity[0] if len(keys) == 1 else tuple_(*identity)).in_(select(*keys))
    return found


def _require_condition(said: Any) -> None:
    """Refuse what would be lost: a set of entities has no order, locks nothing and loads nothing."""
    if said._for_update_arg is not None:  # noqa: SLF001
        raise ValueError("A specification cannot lock: write the query by hand")
    if getattr(said, "_with_options", ()):
        raise ValueError(
            "A specification cannot say how entities are loaded: use options() in a query of your own"
        )
    if said._order_by_clauses and not said._has_row_limiting_clause:  # noqa: SLF001
        raise ValueError("A specification cannot sort: give the call a Sort, a Pageable or a Scroll")
