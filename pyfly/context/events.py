"""Application events: typed notices inside one application, delivered in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pyfly.container.metadata import published, record
from pyfly.container.ordering import get_order

F = TypeVar("F", bound=Callable[..., Any])


class ApplicationEvent:
    """Base of the framework's events; any object can be published."""


class ContextRefreshedEvent(ApplicationEvent):
    """All beans exist and are initialised."""


class ApplicationReadyEvent(ApplicationEvent):
    """Runners have finished; the application can do its work."""


class ContextClosedEvent(ApplicationEvent):
    """Everything has been stopped; published last."""


class ConfigChangedEvent(ApplicationEvent):
    """Configuration was refreshed while the application runs."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Tell which *keys* have another value now."""
        self.keys = keys


@dataclass(frozen=True, slots=True, kw_only=True)
class EventListenerRecord:
    """Marks a bean method as a listener of application events."""

    listens: bool = published("__pyfly_app_event_listener__", default=False)


def app_event_listener(method: F) -> F:
    """Call the method, sync or async, with each event of the type its parameter is annotated with.

    Listeners of all beans are called by the ``@order`` of their class.
    """
    record(method, EventListenerRecord, listens=True)
    return method


Listener = Callable[[Any], Awaitable[Any] | Any]


class ApplicationEventBus:
    """Delivers events to the listeners of their type and of every base of it."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._subscriptions: list[tuple[int, int, type, Listener]] = []
        self._routes: dict[type, tuple[Listener, ...]] = {}

    def subscribe(
        self, event_type: type, listener: Listener, *, owner_cls: type | None = None, order: int | None = None
    ) -> None:
        """Call *listener* with every event that is an instance of *event_type*.

        Args:
            event_type: Any class.
            listener: A sync or async callable that takes the event.
            owner_cls: The class whose ``@order`` places the listener among the others.
            order: The place itself, where it is known.
        """
        place = order if order is not None else get_order(owner_cls) if owner_cls is not None else 0
        self._subscriptions.append((place, len(self._subscriptions), event_type, listener))
        self._routes = {}

    async def publish(self, event: Any) -> None:
        """Deliver *event* to every listener of its type, lowest ``@order`` first, one after another.

        A failing listener does not cost the others their turn.

        Raises:
            Exception: What the first failing listener raised, once all have had their turn; further
                failures are noted on it.
        """
        failures: list[Exception] = []
        for listener in self._listeners(type(event)):
            try:
                result = listener(event)
                if isinstance(result, Awaitable):
                    await result
            except Exception as failure:  # noqa: BLE001  # raised again below, after the last listener
                failures.append(failure)
        if failures:
            for other in failures[1:]:
                failures[0].add_note(f"Another listener failed too: {type(other).__name__}: {other}")
            raise failures[0]

    def _listeners(self, event_type: type) -> tuple[Listener, ...]:
        known = self._routes.get(event_type)
        if known is None:
            matching = [each for each in self._subscriptions if issubclass(event_type, each[2])]
            known = tuple(each[3] for each in sorted(matching, key=lambda each: each[:2]))
            self._routes[event_type] = known
        return known
