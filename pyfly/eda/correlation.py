"""What an event belongs to: the cause that is being handled, carried by the context of the task."""

from pyfly.eda.types import EventEnvelope
from pyfly.kernel.correlation import cause, correlated

__all__ = ["correlated", "current_event"]


def current_event() -> EventEnvelope | None:
    """Return the event that is being handled, if any; a command sent for it is what is handled instead."""
    handled = cause.get()
    return handled if isinstance(handled, EventEnvelope) else None
