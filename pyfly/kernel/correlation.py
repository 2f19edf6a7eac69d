"""One id for all that one cause leads to: a request, the messages sent for it, the events published then."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final


class Cause:
    """What a task is working for: a message, an event, anything that leads to others."""

    __slots__ = ()

    @property
    def correlation_id(self) -> str:
        """The id that it shares with all that it leads to."""
        return ""

    @property
    def cause_id(self) -> str | None:
        """The id that what it leads to directly names as its cause, if it has one."""
        return None


class Origin(Cause):
    """A cause of which nothing but its correlation id is known."""

    __slots__ = ("_id",)

    def __init__(self, correlation_id: str) -> None:
        """Begin a chain with *correlation_id*."""
        self._id = correlation_id

    @property
    def correlation_id(self) -> str:
        """The id that the chain began with."""
        return self._id


correlation: Final[ContextVar[str]] = ContextVar("pyfly.correlation", default="")
"""The id that the current task was entered with from outside, such as that of its request, or an empty string."""

cause: Final[ContextVar[Cause | None]] = ContextVar("pyfly.cause", default=None)
"""What the current task is working for, if it is more than a request."""


def correlation_id() -> str:
    """Return the id that all share that the current task leads to, or an empty string."""
    found = cause.get()
    return correlation.get() if found is None else found.correlation_id


def causation_id() -> str | None:
    """Return the id of the message or event that is being handled, if any."""
    found = cause.get()
    return None if found is None else found.cause_id


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Give the messages and events of the block, and all that they lead to, one *correlation_id*."""
    token = cause.set(Origin(correlation_id))
    try:
        yield
    finally:
        cause.reset(token)
