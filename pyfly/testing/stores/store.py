"""What the suite needs of a store under test."""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol


class Item(Protocol):
    """The entity of the suite.

    ``id`` is a number that the store gives, ``name`` is unique text, ``note`` may be ``None``; ``price`` is 0 and
    ``sold`` is false unless said otherwise.
    """

    id: Any
    name: str
    price: int
    note: str | None
    sold: bool


class Ticket(Protocol):
    """The entity with a version: ``id`` is a number, ``title`` text, ``version`` counts the changes."""

    id: Any
    title: str
    version: int


class Store(NamedTuple):
    """A store under test. Its repositories are empty.

    Attributes:
        items: A repository of items, which inherits :class:`~pyfly.testing.stores.queries.ItemQueries`.
        tickets: A repository of tickets.
        transactions: The transaction manager of both.
        new_item: Makes an item of the values that it is given by name.
        new_ticket: Makes a ticket.
    """

    items: Any
    tickets: Any
    transactions: Any
    new_item: Callable[..., Item]
    new_ticket: Callable[..., Ticket]
