"""In which form a query answers, and in which row it answers."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple


class Shape(Enum):
    """In which form a query answers."""

    LIST = auto()
    ONE = auto()
    OPTIONAL = auto()
    PAGE = auto()
    SLICE = auto()
    CURSOR = auto()
    STREAM = auto()
    COUNT = auto()
    EXISTS = auto()
    DELETE = auto()


SHAPE_OF_PREFIX = {
    "find_by": Shape.LIST,
    "count_by": Shape.COUNT,
    "exists_by": Shape.EXISTS,
    "delete_by": Shape.DELETE,
}


class Projection(NamedTuple):
    """A part of an entity as an object of another class: which properties, and what makes it of their values."""

    type: type
    names: tuple[str, ...]
    make: Callable[..., Any]
