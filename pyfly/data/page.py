"""What paged reads return: a page that knows the total, a slice that knows whether more follows, a cursor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a larger result, with the size of the whole. Pages are numbered from 1."""

    items: list[T]
    total: int
    page: int
    size: int

    @property
    def total_pages(self) -> int:
        """How many pages the whole result fills; 0 when it is empty."""
        return -(-self.total // self.size) if self.total > 0 and self.size > 0 else 0

    @property
    def has_next(self) -> bool:
        """Whether a page follows this one."""
        return self.page < self.total_pages

    @property
    def has_previous(self) -> bool:
        """Whether a page comes before this one."""
        return self.page > 1

    @property
    def is_first(self) -> bool:
        """Whether this is the first page."""
        return self.page == 1

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return not self.has_next

    @property
    def is_empty(self) -> bool:
        """Whether the page has no items."""
        return not self.items

    @property
    def number_of_elements(self) -> int:
        """How many items the page has."""
        return len(self.items)

    def map(self, function: Callable[[T], U]) -> "Page[U]":
        """Return the same page with *function* applied to each item."""
        return Page([function(item) for item in self.items], self.total, self.page, self.size)

    @classmethod
    def wire_schema(cls, source: Any, handler: Any) -> Any:
        """Return the pydantic schema of a page as it is sent: its fields, and what follows from them."""
        from pyfly.data.page_schema import schema_of  # imports pydantic

        derived = {"total_pages": int, "has_next": bool, "has_previous": bool}
        return schema_of(cls, source, handler, derived)


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a larger result whose size nobody counted."""

    items: list[T]
    page: int
    size: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether a slice comes before this one."""
        return self.page > 1

    def map(self, function: Callable[[T], U]) -> "Slice[U]":
        """Return the same slice with *function* applied to each item."""
        return Slice([function(item) for item in self.items], self.page, self.size, self.has_next)

    @classmethod
    def wire_schema(cls, source: Any, handler: Any) -> Any:
        """Return the pydantic schema of a page as it is sent: its fields, and what follows from them."""
        from pyfly.data.page_schema import schema_of  # imports pydantic

        return schema_of(cls, source, handler, {"has_previous": bool})


@dataclass(frozen=True)
class Cursor(Generic[T]):
    """Items of a larger result, and where to go on: reading stays right while rows come and go.

    Attributes:
        items: The items.
        size: How many were asked for.
        next: The token that asks for the items after these; ``None`` at the end.
    """

    items: list[T]
    size: int
    next: str | None = None

    @property
    def has_next(self) -> bool:
        """Whether items follow."""
        return self.next is not None

    def map(self, function: Callable[[T], U]) -> "Cursor[U]":
        """Return the same cursor with *function* applied to each item."""
        return Cursor([function(item) for item in self.items], self.size, self.next)

    @classmethod
    def wire_schema(cls, source: Any, handler: Any) -> Any:
        """Return the pydantic schema of a cursor as it is sent: its fields, and what follows from them."""
        from pyfly.data.page_schema import schema_of  # imports pydantic

        return schema_of(cls, source, handler, {"has_next": bool})
