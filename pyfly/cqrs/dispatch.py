"""The message that is being handled, and the id that connects it with what it leads to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import uuid4


class Dispatch:
    """One message on its way through the mediator."""

    __slots__ = ("_correlation_id", "message", "parent")

    def __init__(self, message: object, parent: "Dispatch | None", correlation_id: str = "") -> None:
        """Describe the sending of *message* while *parent* is handled, if it is."""
        self.message = message
        self.parent = parent
        self._correlation_id = correlation_id

    @property
    def correlation_id(self) -> str:
        """The id that this message shares with the one it comes from; made when first asked for."""
        if not self._correlation_id:
            self._correlation_id = self.parent.correlation_id if self.parent is not None else str(uuid4())
        return self._correlation_id


current: Final[ContextVar[Dispatch | None]] = ContextVar("pyfly.cqrs.dispatch", default=None)


def current_dispatch() -> Dispatch | None:
    """Return the dispatch that the current task works for, if any."""
    found = current.get()
    return found if found is None or found.message is not None else found.parent


def correlation_id() -> str:
    """Return the id of what the current task works for, or an empty string."""
    found = current.get()
    return "" if found is None else found.correlation_id


@contextmanager
def correlation(correlation_id: str) -> Iterator[None]:
    """Give the messages that are sent in the block, and all that they lead to, one *correlation_id*."""
    token = current.set(Dispatch(None, current.get(), correlation_id))
    try:
        yield
    finally:
        current.reset(token)
