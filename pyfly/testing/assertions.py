"""Assertions about published events."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar


class PublishedEvent(Protocol):
    """What an event must tell to be looked for: its type, and a payload of named values."""

    @property
    def event_type(self) -> str:
        """The type, such as ``order.created``."""

    @property
    def payload(self) -> Any:
        """The values it carries."""


E = TypeVar("E", bound=PublishedEvent)


def assert_event_published(
    events: Iterable[E], event_type: str, payload_contains: Mapping[str, Any] | None = None
) -> E:
    """Return the first of *events* that has *event_type* and a payload with all the expected values.

    Raises:
        AssertionError: There is none; the message shows what there is.
    """
    published = list(events)
    wanted = dict(payload_contains or {})
    for event in published:
        if event.event_type == event_type and _contains(event.payload, wanted):
            return event
    raise AssertionError(_not_found(published, event_type, wanted))


def assert_no_events_published(events: Iterable[PublishedEvent]) -> None:
    """Make sure that there are no events.

    Raises:
        AssertionError: There are; the message lists their types.
    """
    types = [event.event_type for event in events]
    if types:
        raise AssertionError(f"Expected no events, but {len(types)} were published: {', '.join(types)}")


def _contains(payload: Any, wanted: Mapping[str, Any]) -> bool:
    return all(name in payload and payload[name] == value for name, value in wanted.items())


def _not_found(published: list[E], event_type: str, wanted: Mapping[str, Any]) -> str:
    message = f"Expected event '{event_type}'" + (f" with payload containing {wanted!r}" if wanted else "")
    alike = [repr(event.payload) for event in published if event.event_type == event_type]
    if alike:
        return f"{message}; its payloads were: {', '.join(alike)}"
    types = ", ".join(event.event_type for event in published) or "nothing"
    return f"{message}; published: {types}"
