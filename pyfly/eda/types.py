"""What is published, and what happens when a listener fails on it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from threading import RLock
from typing import Any, Final
from uuid import uuid4

from pyfly.kernel.clock import SystemClock
from pyfly.kernel.correlation import Cause
from pyfly.kernel.nearest import nearest

_now: Final = SystemClock().now


def _new_id() -> str:
    return str(uuid4())


class _Timed(Cause):
    """What an envelope keeps beside its fields: its time as seconds since 1970, until a date is asked for."""

    __slots__ = ("__weakref__", "_moment")

    _moment: float


@dataclass(frozen=True, slots=True)
class EventEnvelope(_Timed):
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
        causation_id: The id of the event or message that was handled when this one was published.
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

    @property
    def cause_id(self) -> str:
        """The :attr:`event_id`, under the name that causes of any kind have."""
        return self.event_id

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)


_making: Final = RLock()  # two threads that ask at once get the same id


class _OnDemand:
    """A field that published events get when it is first read: it costs more than a delivery."""

    __slots__ = ("_make", "_slot")

    def __init__(self, slot: Any, make: Callable[[EventEnvelope], object]) -> None:
        self._slot = slot
        self._make = make

    def __get__(self, envelope: EventEnvelope | None, owner: type | None = None) -> Any:
        if envelope is None:
            return self
        try:
            return self._slot.__get__(envelope)
        except AttributeError:
            return self._made(envelope)

    def __set__(self, envelope: EventEnvelope, value: object) -> None:
        self._slot.__set__(envelope, value)

    def _made(self, envelope: EventEnvelope) -> Any:
        with _making:
            try:
                return self._slot.__get__(envelope)
            except AttributeError:
                self._slot.__set__(envelope, made := self._make(envelope))
                return made


def _read_on_demand(**makers: Callable[[EventEnvelope], object]) -> None:
    # Not by __getattr__: a class that has one makes reading all of its attributes slow.
    for name, make in makers.items():
        setattr(EventEnvelope, name, _OnDemand(getattr(EventEnvelope, name), make))


_read_on_demand(
    event_id=lambda envelope: _new_id(),
    correlation_id=lambda envelope: envelope.event_id,
    causation_id=lambda envelope: None,
    timestamp=lambda envelope: datetime.fromtimestamp(envelope._moment, UTC),  # noqa: SLF001
    headers=lambda envelope: {},
    version=lambda envelope: 1,
)


class OpenEnvelope(_Timed):
    """An envelope that is being filled in: assigning ``EventEnvelope`` to its ``__class__`` closes it.

    The constructor of a frozen class sets fields one by one through ``object.__setattr__``, which takes
    longer than a delivery.
    """

    __slots__ = tuple(EventEnvelope.__dataclass_fields__)


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
