"""Port: who sees the statements that are sent to databases."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable


class SqlStatement:
    """One statement, or command, on its way to a database and back.

    Attributes:
        datasource: The name of the data source.
        sql: The text, with placeholders; what a store without SQL is asked to do, in its own words.
        parameters: The values. Do not log them as they are; :meth:`masked` tells what they look like.
        transaction: The number of the transaction, which its other statements have too; ``None`` outside of one.
        attempt: 1, or more when the unit of work is repeated after a conflict.
        correlation_id: The id of the request that it is sent for, or an empty string.
        seconds: How long it took; 0 before it is done.
        rows: How many rows it changed or found, as far as the driver says; -1 if it does not.
    """

    __slots__ = (
        "attempt", "correlation_id", "datasource", "parameters", "rows", "seconds", "sql", "started", "transaction",
    )  # fmt: skip

    def __init__(
        self,
        datasource: str,
        sql: str,
        parameters: Any,
        transaction: int | None,
        attempt: int,
        correlation_id: str = "",
    ) -> None:
        """Describe a statement that is about to be sent."""
        self.datasource = datasource
        self.sql = sql
        self.parameters = parameters
        self.transaction = transaction
        self.attempt = attempt
        self.correlation_id = correlation_id
        self.seconds = 0.0
        self.rows = -1
        self.started = 0.0

    def masked(self) -> object:
        """Return the parameters with each value replaced by its type, and its length if it has one."""
        return mask(self.parameters)


@runtime_checkable
class SqlHook(Protocol):
    """Port: is told of every statement. Beans that inherit it are found; ``@order`` says who is first.

    Hooks are called in the middle of database work, so they return at once and do not use the database.
    """

    def before(self, statement: SqlStatement) -> None:
        """Hear of *statement* before it is sent. Raising prevents that."""

    def after(self, statement: SqlStatement) -> None:
        """Hear of *statement* when it has succeeded."""

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Hear of *statement* when the database has refused it."""


def mask(value: Any) -> object:
    """Return what *value* looks like without saying what it is: ``str(5)``, ``int``, ``None``."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {str(name): mask(each) for name, each in value.items()}
    if isinstance(value, str | bytes | bytearray):
        return f"{type(value).__name__}({len(value)})"
    if isinstance(value, Sequence):
        shown = [mask(each) for each in value[:20]]
        return shown if len(value) <= 20 else [*shown, f"and {len(value) - 20} more"]
    return type(value).__name__
