"""Specifications as boolean expressions of SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
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
        ValueError: An operator does not fit the type of its property.
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
    model = root._aliased_insp.mapper.class_ if isinstance(root, AliasedClass) else root  # noqa: SLF001
    found = expression(specification, mapping_of(model))
    return query if found is None else query.where(found)


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
    if isinstance(said, Select):
        # Only the condition is taken, so that it can be negated and joined; joins become EXISTS by any() and has().
        clause: Expression | None = said.whereclause
        return clause
    condition: Expression | None = said
    return condition
