"""The event that a listener could not handle, as it is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from pyfly.eda.types import EventEnvelope


def _new_id() -> str:
    return str(uuid4())


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
