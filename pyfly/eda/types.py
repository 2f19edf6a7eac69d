"""What is published, and what happens when a listener fails on it."""

from collections.abc import Awaitable, Callable, Mapping
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
        correlation_id: Shared by all events that one cause has led to, directly or not.
        causation_id: The ``event_id`` of the event that was handled when this one was published.
        version: The version of the payload's form.
    """

    event_type: str
    payload: Any
    destination: str
    event_id: str = field(default_factory=_new_id)
    timestamp: datetime = field(default_factory=_now)
    headers: dict[str, str] = field(default_factory=dict)
    correlation_id: str | None = None
    causation_id: str | None = None
    version: int = 1

    def __getattr__(self, name: str) -> Any:
        # Ids cost more than a delivery and are rarely looked at: those of published events are made on demand.
        if name == "event_id":
            return self.__dict__.setdefault(name, _new_id())
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "event_id": self.event_id}


EventHandler = Callable[[EventEnvelope], Awaitable[Any]]
"""Receives an envelope. What :func:`event_listener` marks may be sync as well."""
