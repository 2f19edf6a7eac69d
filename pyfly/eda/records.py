"""What the decorators of events say, kept on what they decorate."""

from collections.abc import Callable
from enum import Enum
from typing import Any

from pyfly.context.events import EventPhase
from pyfly.eda.ports.outbound import EventPublisher
from pyfly.eda.types import ErrorStrategy
from pyfly.kernel.record import Record


class ListenerRecord(Record, kw_only=True):
    """A function that listens: to what, when, and what happens if it fails."""

    wanted: tuple[str | type, ...] = ()
    error_strategy: ErrorStrategy | None = None
    phase: EventPhase = EventPhase.IMMEDIATE
    bus: EventPublisher | None = None


class Timing(Enum):
    """When the arguments of a call are published, seen from the call."""

    BEFORE = "BEFORE"
    AFTER = "AFTER"
    BOTH = "BOTH"

    @classmethod
    def _missing_(cls, value: object) -> "Timing | None":
        return cls.__members__.get(str(value).strip().upper())


class Publication(Record, kw_only=True):
    """One event that calls of a function publish: about the arguments if there is a timing, else the result."""

    destination: str
    event_type: str
    timing: Timing | None = None
    condition: Callable[[Any], object] | None = None


class PublisherRecord(Record, kw_only=True):
    """A method that publishes through the publisher of its application."""

    publications: tuple[Publication, ...] = ()
