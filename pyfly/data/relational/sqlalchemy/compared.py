"""What a column can be compared with: databases differ in what they make of other values, and MariaDB finds too much."""

from typing import Any, Final

from sqlalchemy import Boolean, Enum, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from pyfly.data.comparable import COMPARABLE

# They refuse what is none of theirs before anything is sent.
_STRICT: Final = (Boolean, Enum, LargeBinary, TypeDecorator)


def accepted_by(column: Any) -> tuple[type, ...]:
    """Return the types of values that *column* can be compared with; none if its type itself, or the database, knows."""
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, _STRICT):
        return ()
    try:
        return COMPARABLE.get(kind.python_type, ())
    except NotImplementedError:
        return ()


def compared_type(column: Any) -> TypeEngine[Any]:
    """Return the type of values that *column* is compared with, which refuses those of another kind."""
    accepted = accepted_by(column)
    kind: TypeEngine[Any] = column.type
    return Compared(kind, accepted) if accepted else kind


class Compared(TypeDecorator[Any]):
    """The type of a column, for values of some kinds alone."""

    impl = NullType
    cache_ok = True

    def __init__(self, compared: TypeEngine[Any], accepted: tuple[type, ...]) -> None:
        """Take values of the types *accepted* for those of *compared*."""
        super().__init__()
        self.compared = compared
        self.impl = compared  # type: ignore[assignment]  # SQLAlchemy annotates what subclasses say about the class
        self.accepted = accepted

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Return *value*.

        Raises:
            TypeError: It is of another kind.
        """
        if value is None or isinstance(value, self.accepted):
            return value
        raise TypeError(f"A {type(value).__name__} cannot be compared with {self.compared!r}")
