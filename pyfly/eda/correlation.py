"""What an event belongs to: the cause that is being handled, carried by the context of the task."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, NamedTuple

from pyfly.eda.types import EventEnvelope


class Origin(NamedTuple):
    """A cause that is no event, such as a request."""

    correlation_id: str
    event_id: str | None = None


cause: Final[ContextVar[EventEnvelope | Origin | None]] = ContextVar("pyfly.eda.cause", default=None)


def current_event() -> EventEnvelope | None:
    """Return the event that is being handled, if any."""
    handled = cause.get()
    return handled if isinstance(handled, EventEnvelope) else None


@contextmanager
def correlated(correlation_id: str) -> Iterator[None]:
    """Give the events published in the block, and all that they lead to, one *correlation_id*."""
    token = cause.set(Origin(correlation_id))
    try:
        yield
    finally:
        cause.reset(token)


def enveloped(
    destination: str, event_type: str, payload: Any, headers: Mapping[str, str] | None, now: datetime
) -> EventEnvelope:
    """Return the envelope of an event published now, related to what is being handled."""
    envelope = object.__new__(EventEnvelope)
    # The generated constructor of a frozen class sets fields one by one, which takes longer than a delivery.
    values = envelope.__dict__
    values["event_type"] = event_type
    values["payload"] = payload
    values["destination"] = destination
    values["timestamp"] = now
    values["headers"] = dict(headers) if headers else {}
    before = cause.get()
    if before is not None:
        values["correlation_id"] = before.correlation_id
        values["causation_id"] = before.event_id
    return envelope
