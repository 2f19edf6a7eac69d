"""What a caller asks for when reading part of a result: the page, its size and the order."""

import sys
from dataclasses import dataclass, field, replace
from typing import Literal

Direction = Literal["asc", "desc"]


@dataclass(frozen=True)
class Order:
    """One property to sort by, and the direction."""

    property: str
    direction: Direction = "asc"

    @staticmethod
    def asc(property: str) -> "Order":
        """Sort by *property*, smallest first."""
        return Order(property, "asc")

    @staticmethod
    def desc(property: str) -> "Order":
        """Sort by *property*, largest first."""
        return Order(property, "desc")


@dataclass(frozen=True)
class Sort:
    """The properties to sort by, most significant first. Without any, the store's own order applies."""

    orders: tuple[Order, ...] = ()

    @staticmethod
    def by(*properties: str) -> "Sort":
        """Sort by *properties*, all ascending."""
        return Sort(tuple(Order.asc(name) for name in properties))

    @staticmethod
    def unsorted() -> "Sort":
        """No order at all."""
        return Sort()

    def and_then(self, other: "Sort") -> "Sort":
        """Sort by these properties first and by those of *other* where they are equal."""
        return Sort(self.orders + other.orders)

    def descending(self) -> "Sort":
        """The same properties, all descending."""
        return Sort(tuple(Order.desc(order.property) for order in self.orders))

    def ascending(self) -> "Sort":
        """The same properties, all ascending."""
        return Sort(tuple(Order.asc(order.property) for order in self.orders))


@dataclass(frozen=True)
class Pageable:
    """A request for one page, numbered from 1.

    Raises:
        ValueError: The page or its size is smaller than 1.
    """

    page: int = 1
    size: int = 20
    sort: Sort = field(default_factory=Sort)

    def __post_init__(self) -> None:
        if self.page < 1:
            raise ValueError(f"page must be >= 1, not {self.page}")
        if self.size < 1:
            raise ValueError(f"size must be >= 1, not {self.size}")

    @staticmethod
    def of(page: int, size: int, sort: Sort | None = None) -> "Pageable":
        """Ask for page number *page* of *size* items."""
        return Pageable(page, size, sort or Sort())

    @staticmethod
    def unpaged() -> "Pageable":
        """Ask for everything on one page."""
        return Pageable(1, sys.maxsize)

    @property
    def is_paged(self) -> bool:
        """Whether only a part is asked for."""
        return self.size != sys.maxsize

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return (self.page - 1) * self.size

    def next(self) -> "Pageable":
        """Ask for the page after this one."""
        return replace(self, page=self.page + 1)

    def previous(self) -> "Pageable":
        """Ask for the page before this one; the first page is its own predecessor."""
        return replace(self, page=max(1, self.page - 1))


@dataclass(frozen=True)
class Scroll:
    """A request for the items after a position, however many come before it.

    Raises:
        ValueError: The size is smaller than 1.
    """

    after: str | None = None
    size: int = 20
    sort: Sort = field(default_factory=Sort)

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"size must be >= 1, not {self.size}")


Window = Pageable | Scroll | Sort
"""What says which part of a result is wanted, and in which order."""
