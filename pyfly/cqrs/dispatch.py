"""The message that is being handled, and the ids that connect it with what it comes from and leads to."""

from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from pyfly.kernel.correlation import Cause, cause, correlated, correlation_id
from pyfly.kernel.correlation import correlation as entered_with

__all__ = ["Dispatch", "correlation", "correlation_id", "current", "current_dispatch"]


class Dispatch(Cause):
    """One message on its way through the mediator.

    Attributes:
        message: The message.
        parent: The dispatch that it was sent in, if it was.
    """

    __slots__ = ("_cause", "_correlation_id", "_message_id", "message", "parent")

    def __init__(self, message: object, parent: "Dispatch | None" = None) -> None:
        """Describe the sending of *message* by the current task, while *parent* is handled, if it is."""
        self.message = message
        self.parent = parent
        self._cause: Cause | None = cause.get()
        self._correlation_id = entered_with.get() if self._cause is None else ""
        self._message_id = ""

    @property
    def message_id(self) -> str:
        """The id of this dispatch, which is the cause of what it leads to; made when first asked for."""
        if not self._message_id:
            self._message_id = str(uuid4())
        return self._message_id

    @property
    def correlation_id(self) -> str:
        """The id that this message shares with what it comes from; its own one where it comes from nothing."""
        if not self._correlation_id:
            before = self._cause
            self._correlation_id = self.message_id if before is None else before.correlation_id
        return self._correlation_id

    @property
    def causation_id(self) -> str | None:
        """The id of the message or event that it was sent for, if there was one."""
        return None if self._cause is None else self._cause.cause_id

    @property
    def cause_id(self) -> str:
        """The :attr:`message_id`, under the name that causes of any kind have."""
        return self.message_id


current: Final[ContextVar[Dispatch | None]] = ContextVar("pyfly.cqrs.dispatch", default=None)

correlation = correlated


def current_dispatch() -> Dispatch | None:
    """Return the dispatch that the current task works for, if any."""
    return current.get()
