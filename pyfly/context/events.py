"""Application events: typed notices inside one application, delivered in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, Protocol, TypeVar, overload

from pyfly.container.metadata import published, record
from pyfly.container.ordering import get_order
from pyfly.kernel.record import Record

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


class EventPhase(Enum):
    """When a listener is called, seen from the transaction that an event is published in."""

    IMMEDIATE = "immediate"
    """While the event is published."""
    BEFORE_COMMIT = "before_commit"
    """When the transaction is about to commit, as a part of it; at once where none is running."""
    AFTER_COMMIT = "after_commit"
    """Once the transaction has committed, and never if it rolls back; at once where none is running."""
    AFTER_ROLLBACK = "after_rollback"
    """Once the transaction has rolled back, and never if it commits, or where none is running."""
    AFTER_COMPLETION = "after_completion"
    """Once the transaction has ended, either way; at once where none is running."""

    @classmethod
    def _missing_(cls, value: object) -> EventPhase | None:
        text = str(value).strip().lower().replace("-", "_")
        return next((each for each in cls if each.value == text), None)


class TransactionPhase(Protocol):
    """Port: lets listeners wait for the end of a transaction, whoever manages it.

    Each method returns whether there is a transaction. If not, the callback will not be called.
    """

    def before_commit(self, callback: Callable[[], Awaitable[object] | object]) -> bool:
        """Call *callback* when the current transaction is about to commit; its failure rolls it back."""

    def after_rollback(self, callback: Callable[[], Awaitable[object] | object]) -> bool:
        """Call *callback* once the current transaction has rolled back, and never if it commits."""

    def after_commit(self, callback: Callable[[], Awaitable[object] | object]) -> bool:
        """Call *callback* once the current transaction has committed, and never if it rolls back."""


def has_its_time(
    transactions: TransactionPhase | None,
    phase: EventPhase,
    callback: Callable[[], Awaitable[object] | object],
) -> bool:
    """Leave *callback* to the end of the current transaction. Return whether that, not the caller, decides about it."""
    if transactions is None:
        return phase is EventPhase.AFTER_ROLLBACK
    match phase:
        case EventPhase.BEFORE_COMMIT:
            return bool(transactions.before_commit(callback))
        case EventPhase.AFTER_COMMIT:
            return bool(transactions.after_commit(callback))
        case EventPhase.AFTER_COMPLETION:
            return bool(transactions.after_commit(callback)) and bool(transactions.after_rollback(callback))
        case EventPhase.AFTER_ROLLBACK:
            transactions.after_rollback(callback)
            return True
    return False


class EventListenerRecord(Record, kw_only=True):
    """Marks a bean method as a listener of application events."""

    listens: bool = published("__pyfly_app_event_listener__", default=False)
    phase: EventPhase = EventPhase.IMMEDIATE


@overload
def app_event_listener(method: F, /) -> F: ...
@overload
def app_event_listener(*, phase: EventPhase | str = ...) -> Callable[[F], F]: ...
def app_event_listener(method: Any = None, /, *, phase: EventPhase | str = EventPhase.IMMEDIATE) -> Any:
    """Call the method, sync or async, with each event of the type its parameter is annotated with.

    Listeners of all beans are called by the ``@order`` of their class.

    Args:
        method: The method, when used without arguments.
        phase: When, seen from the transaction that the event is published in: see :class:`EventPhase`.
    """

    def decorate(decorated: F) -> F:
        record(decorated, EventListenerRecord, listens=True, phase=EventPhase(phase))
        return decorated

    return decorate if method is None else decorate(method)


Listener = Callable[[Any], Awaitable[Any] | Any]


class ApplicationEventBus:
    """Delivers events to the listeners of their type and of every base of it.

    Attributes:
        transactions: What listeners that wait for a commit wait with; without it they do not wait.
    """

    def __init__(self) -> None:
        """Start without listeners."""
        self._subscriptions: list[tuple[int, int, type, Listener]] = []
        self._routes: dict[type, tuple[Listener, ...]] = {}
        self.transactions: TransactionPhase | None = None

    def subscribe(
        self,
        event_type: type,
        listener: Listener,
        *,
        owner_cls: type | None = None,
        order: int | None = None,
        phase: EventPhase = EventPhase.IMMEDIATE,
    ) -> None:
        """Call *listener* with every event that is an instance of *event_type*.

        Args:
            event_type: Any class.
            listener: A sync or async callable that takes the event.
            owner_cls: The class whose ``@order`` places the listener among the others.
            order: The place itself, where it is known.
            phase: When it is called, where the event is published in a transaction.
        """
        if phase is not EventPhase.IMMEDIATE:
            listener = self._deferring(listener, phase)
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

    def _deferring(self, listener: Listener, phase: EventPhase) -> Listener:
        def deferred(event: Any) -> Any:
            if has_its_time(self.transactions, phase, lambda: listener(event)):
                return None
            return listener(event)

        return deferred

    def _listeners(self, event_type: type) -> tuple[Listener, ...]:
        known = self._routes.get(event_type)
        if known is None:
            matching = [each for each in self._subscriptions if issubclass(event_type, each[2])]
            known = tuple(each[3] for each in sorted(matching, key=lambda each: each[:2]))
            self._routes[event_type] = known
        return known
