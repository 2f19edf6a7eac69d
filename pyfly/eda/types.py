"""What is published, and what happens when a listener fails on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final
from uuid import uuid4

from pyfly.kernel.clock import SystemClock
from pyfly.kernel.nearest import nearest

_now: Final = SystemClock().now


def _new_id() -> str:
    return str(uuid4())


@dataclass(frozen=True)
class EventEnvelope:
    """An event on its way: what happened, to whom it goes, and what it belongs to.

    Attributes:
        event_type: What happened, such as ``order.created``; patterns are matched against it.
        payload: The values of the event, or the event object itself.
        destination: Where it was published to, such as a topic.
        event_id: Unique for each published event.
        timestamp: When it was published, in UTC.
        headers: Further values for whoever transports it.
        correlation_id: Shared by all events that one cause has led to, directly or not; the
            ``event_id`` of the first of them, unless the cause had an id of its own.
        causation_id: The ``event_id`` of the event that was handled when this one was published.
        version: The version of the payload's form.
    """

    event_type: str
    payload: Any
    destination: str
    event_id: str = field(default_factory=_new_id)
    timestamp: datetime = field(default_factory=_now)
    headers: dict[str, str] = field(default_factory=dict)
    correlation_id: str = field(default_factory=str)
    causation_id: str | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if not self.correlation_id:
            object.__setattr__(self, "correlation_id", self.event_id)

    def __getattr__(self, name: str) -> Any:
        # An id costs more than a delivery, and few are looked at: published events get theirs on demand.
        if name == "event_id":
            return self.__dict__.setdefault(name, _new_id())
        if name == "correlation_id":
            return self.__dict__.setdefault(name, self.event_id)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getstate__(self) -> dict[str, Any]:
        return {"correlation_id": self.correlation_id, "event_id": self.event_id, **self.__dict__}


EventHandler = Callable[[EventEnvelope], Awaitable[Any]]
"""Receives an envelope."""


class ErrorStrategy(Enum):
    """What happens when a listener fails. Whatever it is, every other listener has its turn."""

    IGNORE = "IGNORE"
    """Nothing: the failure is noted at debug level."""
    LOG_AND_CONTINUE = "LOG_AND_CONTINUE"
    """The failure is logged as an error."""
    RETRY = "RETRY"
    """The event is delivered to the listener again, with growing pauses, then kept as a dead letter."""
    DEAD_LETTER = "DEAD_LETTER"
    """The event is kept as a dead letter at once, to be replayed."""
    FAIL_FAST = "FAIL_FAST"
    """The failure reaches the publisher, once all listeners have had their turn."""

    @classmethod
    def _missing_(cls, value: object) -> "ErrorStrategy":
        name = str(value).strip().upper().replace("-", "_")
        if name in cls.__members__:
            return cls[name]
        meant = nearest(name, cls.__members__)
        hint = f"; did you mean {meant}?" if meant else ""
        raise ValueError(f"{value!r} is no error strategy: use one of {', '.join(cls.__members__)}{hint}")


def event_type_of(event_class: type) -> str:
    """Return the event type that objects of *event_class* are published under.

    It is the text of the class attribute ``event_type``, or else the name of the class.

    Raises:
        TypeError: It is the class of texts: a destination without an event type was published.
    """
    if event_class is str:
        raise TypeError("a text is no event: publish(destination, event_type, payload), or an object")
    said = getattr(event_class, "event_type", None)
    return said if isinstance(said, str) else event_class.__name__


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """An event, the listener that failed on it, and how.

    Attributes:
        envelope: The event as it was published.
        listener: The name of the listener. A replay goes to it alone.
        error_type: The class of the last failure.
        error_message: Its text.
        attempts: How often the event has been delivered to the listener.
        failed_at: When the last attempt failed.
        letter_id: Identifies the letter.
    """

    envelope: EventEnvelope
    listener: str
    error_type: str
    error_message: str
    attempts: int
    failed_at: datetime
    letter_id: str = field(default_factory=_new_id)

    @property
    def destination(self) -> str:
        """Where a broker would keep it: the destination of the event, and ``.dlq``."""
        return f"{self.envelope.destination}.dlq"
