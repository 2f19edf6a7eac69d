"""What every contender publishes, and who receives it."""

from datetime import UTC, datetime
from typing import Any

DESTINATION = "orders"
EVENT_TYPE = "order.placed"

received: list[Any] = [0, None]


def take(payload: Any) -> None:
    """Count a delivery; every handler calls it once."""
    received[0] += 1
    received[1] = payload


class Event:
    """What contenders without an event of their own send."""

    __slots__ = ("destination", "event_type", "headers", "payload", "timestamp")

    def __init__(
        self, destination: str, event_type: str, payload: dict[str, Any], headers: dict[str, str]
    ) -> None:
        self.destination = destination
        self.event_type = event_type
        self.payload = payload
        self.headers = headers
        self.timestamp = datetime.now(UTC)
