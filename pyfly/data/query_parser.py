"""Derived queries: what a method name such as ``find_by_last_name_and_city_order_by_name`` asks for.

Without knowledge of the entity a name is split at its keywords. With it (``properties=``), the
reading is chosen in which every property exists, so that fields called ``logged_in`` or
``terms_and_conditions`` are found.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_PLAIN: dict[str, tuple[str, int]] = {
    "greater_than": ("gt", 1),
    "after": ("gt", 1),
    "greater_than_equal": ("gte", 1),
    "less_than": ("lt", 1),
    "before": ("lt", 1),
    "less_than_equal": ("lte", 1),
    "between": ("between", 2),
    "like": ("like", 1),
    "not_like": ("not_like", 1),
    "containing": ("containing", 1),
    "not_containing": ("not_containing", 1),
    "starting_with": ("starting_with", 1),
    "ending_with": ("ending_with", 1),
    "in": ("in", 1),
    "not_in": ("not_in", 1),
    "null": ("is_null", 0),
    "not_null": ("is_not_null", 0),
    "true": ("is_true", 0),
    "false": ("is_false", 0),
    "empty": ("is_empty", 0),
    "not_empty": ("is_not_empty", 0),
}
OPERATORS: dict[str, tuple[str, int]] = {
    "": ("eq", 1),
    "_is": ("eq", 1),
    "_equals": ("eq", 1),
    "_not": ("not", 1),
    "_is_not": ("not", 1),
    "_contains": ("containing", 1),
    "_not_contains": ("not_containing", 1),
    "_starts_with": ("starting_with", 1),
    "_ends_with": ("ending_with", 1),
    **{f"_{spelt}": meaning for spelt, meaning in _PLAIN.items()},
    **{f"_is_{spelt}": meaning for spelt, meaning in _PLAIN.items()},
}
"""Suffix of a property to the operator's code and the number of arguments that it takes."""

_LONGEST_FIRST = sorted(OPERATORS, key=len, reverse=True)
_ARITY = dict(OPERATORS.values())
_SUBJECT = re.compile(r"(find|count|exists|delete|remove)(_all)?(_distinct)?(?:_(first|top)(\d*))?_by_(?=.)")
_SYNONYM = re.compile(r"(get|read|query|search|stream)(?=_)")
_PREFIX_OF = {"count": "count_by", "exists": "exists_by", "delete": "delete_by", "remove": "delete_by"}
_IGNORE_CASE = "_ignore_case"
_ALL_IGNORE_CASE = "_all_ignore_case"

PropertyLookup = Callable[[str], str | None]
"""Turns a property as written in a method name into its dotted path, or ``None`` if there is none."""


@dataclass(frozen=True)
class FieldPredicate:
    """One condition on one property."""

    field_name: str
    operator: str = "eq"
    ignore_case: bool = False

    @property
    def arity(self) -> int:
        """How many arguments of the method this condition takes."""
        return _ARITY[self.operator]


@dataclass(frozen=True)
class OrderClause:
    """One property to order by."""

    field_name: str
    direction: str = "asc"


@dataclass(frozen=True)
class ParsedQuery:
    """What a method name says. ``connectors[i]`` stands between predicates *i* and *i + 1*."""

    prefix: str
    predicates: list[FieldPredicate] = field(default_factory=list)
    connectors: list[str] = field(default_factory=list)
    order_clauses: list[OrderClause] = field(default_factory=list)
    distinct: bool = False
    limit: int | None = None
    name: str = field(default="", compare=False)

    @property
    def alternatives(self) -> list[list[FieldPredicate]]:
        """The predicates as an OR of ANDs: ``a_or_b_and_c`` is ``a OR (b AND c)``."""
        groups: list[list[FieldPredicate]] = [[]]
        for predicate, connector in zip(self.predicates, ["and", *self.connectors], strict=False):
            if connector == "or":
                groups.append([])
            groups[-1].append(predicate)
        return [group for group in groups if group]


class QueryMethodParser:
    """Reads method names. It has no state."""

    PREFIXES = ("find_by_", "count_by_", "exists_by_", "delete_by_")

    def parse(self, name: str, properties: PropertyLookup | None = None) -> ParsedQuery:
        """Return what *name* asks for.

        Args:
            name: The method's name.
            properties: Tells which properties exist. Without it every word may be one.

        Raises:
            ValueError: The name is no derived query, or names a property that does not exist.
        """
        subject = _SUBJECT.match(name)
        if subject is None:
            raise ValueError(f"'{name}' must start with one of {', '.join(self.PREFIXES)}")
        verb, _all, distinct, first, limit = subject.groups()
        rest, everywhere = _without_suffix("_" + name[subject.end() :], _ALL_IGNORE_CASE)
        parts = _aware(rest, properties) if properties else _blind(rest)
        if parts is None:
            raise ValueError(f"'{name}' names a property that does not exist")
        predicates, connectors, orders = parts
        return ParsedQuery(
            prefix=_PREFIX_OF.get(verb, "find_by"),
            predicates=[
                FieldPredicate(p.field_name, p.operator, p.ignore_case or everywhere) for p in predicates
            ],
            connectors=connectors,
            order_clauses=orders,
            distinct=distinct is not None,
            limit=int(limit or 1) if first else None,
            name=name,
        )

    def is_derived(self, name: str) -> bool:
        """Return whether *name* has the form of a derived query."""
        return _SUBJECT.match(self.canonical(name)) is not None

    def canonical(self, name: str) -> str:
        """Return *name* with ``find`` for the words that mean the same: get, read, query, search, stream."""
        return _SYNONYM.sub("find", name, count=1) if _SYNONYM.match(name) else name


_Parts = tuple[list[FieldPredicate], list[str], list[OrderClause]]


def _without_suffix(text: str, suffix: str) -> tuple[str, bool]:
    return (text.removesuffix(suffix), True) if text.endswith(suffix) else (text, False)


def _without_prefix(text: str, prefix: str) -> tuple[str, bool]:
    return (text.removeprefix(prefix), True) if text.startswith(prefix) else (text, False)


def _blind(text: str) -> _Parts:
    criteria, _, ordering = text.partition("_order_by_")
    pieces = re.split(r"_(and|or)_", criteria.removeprefix("_")) if criteria else []
    return [_blind_predicate(piece) for piece in pieces[::2]], pieces[1::2], _blind_orders(ordering)


def _blind_predicate(text: str) -> FieldPredicate:
    text, ignore_case = _without_suffix(text, _IGNORE_CASE)
    suffix = next(s for s in _LONGEST_FIRST if text.endswith(s) and len(text) > len(s))
    return FieldPredicate(text[: len(text) - len(suffix)], OPERATORS[suffix][0], ignore_case)


def _blind_orders(text: str) -> list[OrderClause]:
    pieces = re.split(r"_(asc|desc)(?:_|$)", text)
    names, directions = pieces[::2], pieces[1::2]
    return [
        OrderClause(name, direction)
        for name, direction in zip(names, [*directions, "asc"], strict=False)
        if name
    ]


def _aware(text: str, properties: PropertyLookup) -> _Parts | None:
    """Read *text* (which starts with ``_``) so that every property exists; longest names first."""
    found = _aware_criteria(text, properties)
    return found if found is not None else _aware_ordering(text, properties)


def _aware_criteria(text: str, properties: PropertyLookup) -> _Parts | None:
    for path, after in _prefixes(text, properties):
        for suffix in _LONGEST_FIRST:
            if after.startswith(suffix):
                rest, ignore_case = _without_prefix(after[len(suffix) :], _IGNORE_CASE)
                predicate = FieldPredicate(path, OPERATORS[suffix][0], ignore_case)
                if (found := _aware_rest(predicate, rest, properties)) is not None:
                    return found
    return None


def _aware_rest(predicate: FieldPredicate, rest: str, properties: PropertyLookup) -> _Parts | None:
    if not rest:
        return [predicate], [], []
    connector = re.match(r"_(and|or)(?=_)", rest)
    if connector is None:
        following = _aware_ordering(rest, properties)
        return following and ([predicate], [], following[2])
    following = _aware_criteria(rest[connector.end() :], properties)
    return following and ([predicate, *following[0]], [connector[1], *following[1]], following[2])


def _aware_ordering(text: str, properties: PropertyLookup) -> _Parts | None:
    if not text.startswith("_order_by_"):
        return None
    orders = _aware_orders(text.removeprefix("_order_by"), properties)
    return None if orders is None else ([], [], orders)


def _aware_orders(text: str, properties: PropertyLookup) -> list[OrderClause] | None:
    if not text:
        return []
    for path, after in _prefixes(text, properties):
        direction = re.match(r"_(asc|desc)(?=_|$)", after)
        rest = _aware_orders(after[direction.end() :] if direction else after, properties)
        if rest is not None:
            return [OrderClause(path, direction[1] if direction else "asc"), *rest]
    return None


def _prefixes(text: str, properties: PropertyLookup) -> Iterator[tuple[str, str]]:
    """Yield ``(path, remainder)`` for each property that *text* may start with, longest first."""
    words = text[1:].split("_")
    for length in range(len(words), 0, -1):
        if (path := properties("_".join(words[:length]))) is not None:
            yield path, "".join(f"_{word}" for word in words[length:])
