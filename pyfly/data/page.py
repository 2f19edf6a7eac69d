"""What paged reads return: a page that knows the total, and a slice that only knows whether more follows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

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

    def map(self, function: Callable[[T], U]) -> "Page[U]":
        """Return the same page with *function* applied to each item."""
        return Page([function(item) for item in self.items], self.total, self.page, self.size)


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
