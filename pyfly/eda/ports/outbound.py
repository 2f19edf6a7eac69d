"""The ports of events."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, overload, runtime_checkable

from pyfly.eda.types import DeadLetter, ErrorStrategy, EventHandler

__all__ = [
    "DeadLetterStore",
    "EventBus",
    "EventConsumer",
    "EventHandler",
    "EventPublisher",
    "Subscription",
]


class Subscription(Protocol):
    """A handler that was subscribed."""

    def cancel(self) -> None:
        """Deliver no further events to it. Cancelling again does nothing."""


@runtime_checkable
class EventPublisher(Protocol):
    """Port: tells whoever is interested what has happened."""

    def subscribe(self, event_type_pattern: str, handler: EventHandler) -> Any:
        """Deliver every event whose type matches the glob *event_type_pattern* to *handler*."""

    @overload
    async def publish(self, destination: object, /) -> None: ...
    @overload
    async def publish(
        self, destination: str, event_type: str, payload: Any, headers: Mapping[str, str] | None = None
    ) -> None: ...
    async def publish(
        self,
        destination: object,
        event_type: str | None = None,
        payload: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Publish an event, given by its parts or as one object of any class.

        An object is its own payload; its class gives the event type and the destination: the text
        of the class attribute ``event_type``, or else the name of the class.
        """

    async def start(self) -> None:
        """Make ready to publish."""

    async def stop(self) -> None:
        """Publish nothing more, and release what was taken."""


@runtime_checkable
class EventConsumer(Protocol):
    """Port: receives events from outside for as long as it runs."""

    async def start(self) -> None:
        """Begin to receive."""

    async def stop(self) -> None:
        """Stop receiving; what is being handled is finished first."""


@runtime_checkable
class EventBus(EventPublisher, Protocol):
    """Port: a publisher that delivers inside the application, and so knows listeners one by one."""

    def listen(
        self,
        wanted: str | type | Sequence[str | type],
        handler: EventHandler,
        *,
        order: int = 0,
        error_strategy: ErrorStrategy | str | None = None,
        name: str = "",
    ) -> Subscription:
        """Deliver events to *handler*, each once.

        Args:
            wanted: Globs over event types, and classes, or base classes, of payloads; or one of them.
            handler: A sync or async callable that takes the envelope.
            order: Its place among the listeners of an event; lower comes first.
            error_strategy: What happens when it fails; the default of the bus if not given.
            name: What it is called in logs and dead letters.
        """


@runtime_checkable
class DeadLetterStore(Protocol):
    """Port: keeps events that a listener could not handle."""

    async def add(self, letter: DeadLetter) -> None:
        """Keep *letter*, replacing one with the same id."""

    async def get(self, letter_id: str) -> DeadLetter | None:
        """Return the letter with *letter_id*, or ``None``."""

    async def all(self) -> Sequence[DeadLetter]:
        """Return every letter, the oldest first."""

    async def remove(self, letter_id: str) -> bool:
        """Forget a letter. Return whether there was one."""
