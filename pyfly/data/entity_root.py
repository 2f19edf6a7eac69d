"""What stands for an entity in specifications that are functions: ``lambda item: item.price > 5``.

For stores that have no such thing of their own, as SQLAlchemy has its mapped classes.
"""

from collections.abc import Iterable
from typing import Any

from pyfly.data.specification import Condition, Specification


def said(specification: Specification[Any]) -> Specification[Any] | None:
    """Return the condition that the function in *specification* gives; ``None`` if it says nothing.

    Raises:
        TypeError: It gives something else than a condition.
    """
    assert specification.predicate is not None  # noqa: S101  # every other kind has been dealt with
    found = specification.predicate(*((Root(), None) if specification.takes_query else (Root(),)))
    if found is None or isinstance(found, Specification):
        return found
    raise TypeError(
        f"A specification of this store compares properties of the entity; this one gave {found!r}"
    )


class Root:
    """Stands for the entity class in a specification that is a function: ``lambda item: item.price > 5``."""

    def __getattr__(self, name: str) -> "Property":
        return Property(name)


class Property:
    """One property of the entity; comparing it gives a specification."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, path: str) -> None:
        """Stand for the property at *path*."""
        self._path = path

    def __getattr__(self, name: str) -> "Property":
        return Property(f"{self._path}.{name}")

    def __eq__(self, other: object) -> Any:
        return Condition(self._path, "is_null") if other is None else Condition(self._path, "eq", other)

    def __ne__(self, other: object) -> Any:
        return Condition(self._path, "is_not_null") if other is None else Condition(self._path, "not", other)

    def __gt__(self, other: object) -> Condition:
        return Condition(self._path, "gt", other)

    def __ge__(self, other: object) -> Condition:
        return Condition(self._path, "gte", other)

    def __lt__(self, other: object) -> Condition:
        return Condition(self._path, "lt", other)

    def __le__(self, other: object) -> Condition:
        return Condition(self._path, "lte", other)

    def is_(self, other: object) -> Any:
        """Return that it is *other*."""
        return self == other

    def is_not(self, other: object) -> Any:
        """Return that it is not *other*."""
        return self != other

    def in_(self, others: Iterable[object]) -> Condition:
        """Return that it is one of *others*."""
        return Condition(self._path, "in", list(others))

    def like(self, pattern: str) -> Condition:
        """Return that it matches *pattern*."""
        return Condition(self._path, "like", pattern)

    def between(self, low: object, high: object) -> Condition:
        """Return that it is between *low* and *high*."""
        return Condition(self._path, "between", low, high)

    def contains(self, part: str) -> Condition:
        """Return that it contains *part*."""
        return Condition(self._path, "containing", part)

    def startswith(self, part: str) -> Condition:
        """Return that it starts with *part*."""
        return Condition(self._path, "starting_with", part)

    def endswith(self, part: str) -> Condition:
        """Return that it ends with *part*."""
        return Condition(self._path, "ending_with", part)
