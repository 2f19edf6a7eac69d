"""Events inside one application: delivered by the task that publishes them."""

from bisect import insort
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from inspect import isawaitable
from operator import attrgetter
from threading import Lock
from types import CoroutineType
from typing import Any, ClassVar, Final, NamedTuple, overload

from pyfly.eda.dead_letters import DeadLetters
from pyfly.eda.delivery import Listener
from pyfly.eda.exceptions import EventBusStoppedError
from pyfly.eda.patterns import Matcher, compile_pattern
from pyfly.eda.ports.outbound import DeadLetterStore, EventBus
from pyfly.eda.recovery import Recovery
from pyfly.eda.types import (
    DeadLetter,
    ErrorStrategy,
    EventEnvelope,
    EventHandler,
    OpenEnvelope,
    event_type_of,
)
from pyfly.kernel.clock import Clock, SystemClock, timestamps_of
from pyfly.kernel.correlation import cause, correlation

_MOST_ROUTES: Final = 1000  # event types may be made up by whoever publishes


# Bound here: methods of imported objects are called through a slow path of the interpreter.
_caused_by: Final = cause.get
_enter: Final = cause.set
_leave: Final = cause.reset
_came_with: Final = correlation.get

_Route = tuple[tuple[EventHandler, Listener], ...]


class InMemoryDeadLetterStore(DeadLetterStore):
    """Keeps dead letters until the application ends, and forgets the oldest when there are too many."""

    def __init__(self, capacity: int = 1000) -> None:
        """Keep at most *capacity* letters."""
        self._capacity = capacity
        self._letters: OrderedDict[str, DeadLetter] = OrderedDict()

    async def add(self, letter: DeadLetter) -> None:
        """Keep *letter*, replacing one with the same id."""
        self._letters[letter.letter_id] = letter
        while len(self._letters) > self._capacity:
            self._letters.popitem(last=False)

    async def get(self, letter_id: str) -> DeadLetter | None:
        """Return the letter with *letter_id*, or ``None``."""
        return self._letters.get(letter_id)

    async def all(self) -> Sequence[DeadLetter]:
        """Return every letter, the oldest first."""
        return tuple(self._letters.values())

    async def remove(self, letter_id: str) -> bool:
        """Forget a letter. Return whether there was one."""
        return self._letters.pop(letter_id, None) is not None


class _Subscribed(NamedTuple):
    patterns: tuple[Matcher, ...]
    classes: tuple[type, ...]
    listener: Listener

    def wants(self, event_type: str, payload_class: type) -> bool:
        return issubclass(payload_class, self.classes) or any(match(event_type) for match in self.patterns)


class _Handle:
    """Ends one subscription."""

    def __init__(self, bus: "InMemoryEventBus", subscribed: _Subscribed) -> None:
        self._bus = bus
        self._subscribed = subscribed

    def cancel(self) -> None:
        self._bus._remove(self._subscribed)  # noqa: SLF001  # the other half of the bus


class InMemoryEventBus(EventBus):
    """Delivers each event before ``publish`` returns, to one listener after the other, lowest order first.

    It works without being started. Once stopped it refuses events, until it is started again.

    Attributes:
        dead_letters: The events that listeners could not handle.
        keeps_running: It does nothing on its own: an application that only has a bus can end.
    """

    keeps_running: ClassVar[bool] = False

    def __init__(self, recovery: Recovery | None = None, *, clock: Clock | None = None) -> None:
        """Let *recovery* care for failing listeners; by default their failures are logged."""
        # A date takes three times as long to make as a number, and few are looked at.
        self._seconds = timestamps_of(clock or SystemClock())
        self._recovery = recovery or Recovery(DeadLetters(InMemoryDeadLetterStore(), clock), clock=clock)
        self.dead_letters = self._recovery.dead_letters
        self._is_stopped = False
        self._lock = Lock()
        # Both are replaced and never changed, so that a publication in progress keeps what it began with.
        self._subscribed: tuple[_Subscribed, ...] = ()
        self._routes: dict[Any, _Route] = {}

    def subscribe(self, event_type_pattern: str, handler: EventHandler) -> _Handle:
        """Deliver every event whose type matches the glob *event_type_pattern* to *handler*."""
        return self.listen(event_type_pattern, handler)

    def listen(
        self,
        wanted: str | type | Sequence[str | type],
        handler: EventHandler,
        *,
        order: int = 0,
        error_strategy: ErrorStrategy | str | None = None,
        name: str = "",
    ) -> _Handle:
        """Deliver events to *handler*, as the port says. Those of equal order are called as they came.

        Raises:
            ValueError: *wanted* is no pattern, or there is no such strategy.
        """
        several = (wanted,) if isinstance(wanted, str | type) else wanted
        patterns = tuple(compile_pattern(each) for each in several if isinstance(each, str))
        classes = tuple(each for each in several if isinstance(each, type))
        listener = self._recovery.listener(handler, name=name, order=order, error_strategy=error_strategy)
        subscribed = _Subscribed(patterns, classes, listener)
        with self._lock:
            everyone = list(self._subscribed)
            insort(everyone, subscribed, key=attrgetter("listener.order"))
            self._subscribed, self._routes = tuple(everyone), {}
        return _Handle(self, subscribed)

    @overload
    async def publish(self, destination: object, /) -> None: ...
    @overload
    async def publish(
        self, destination: str, event_type: str, payload: Any, headers: Mapping[str, str] | None = None
    ) -> None: ...
    async def publish(
        self,
        destination: Any,
        event_type: str | None = None,
        payload: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Deliver an event to everybody who wants it, before returning.

        Raises:
            EventBusStoppedError: The bus has been stopped.
            Exception: What the first listener raised whose strategy is to fail fast, once all have
                had their turn; further failures are noted on it.
        """
        if event_type is None:
            payload = destination
            destination = event_type = event_type_of(type(payload))
        key: Any = event_type if type(payload) is dict else (event_type, type(payload))
        route = self._routes.get(key)
        if not route and not (route := self._route(route, key, event_type, type(payload))):
            return
        envelope: Any = OpenEnvelope()
        envelope.event_type = event_type
        envelope.payload = payload
        envelope.destination = destination
        seconds = self._seconds
        envelope._moment = seconds()  # noqa: SLF001
        if headers or _caused_by() is not None or _came_with():
            _fill_in(envelope, headers)
        envelope.__class__ = EventEnvelope
        token = _enter(envelope)
        try:
            failed = None
            for handler, listener in route:
                try:
                    result: Any = handler(envelope)
                    if type(result) is CoroutineType or isawaitable(result):
                        await result
                except Exception as failure:  # noqa: BLE001  # handled below, after everybody's turn
                    failed = [*(failed or ()), (listener, failure)]
            if failed is not None:
                await _recover(failed, envelope)
        finally:
            _leave(token)

    async def start(self) -> None:
        """Accept events."""
        self._is_stopped = False

    async def stop(self) -> None:
        """Refuse events. Subscriptions are kept."""
        with self._lock:
            self._is_stopped, self._routes = True, {}

    def _remove(self, subscribed: _Subscribed) -> None:
        with self._lock:
            self._subscribed = tuple(each for each in self._subscribed if each is not subscribed)
            self._routes = {}
        self.dead_letters.forget(subscribed.listener)

    def _route(self, known: _Route | None, key: Any, event_type: str, payload_class: type) -> _Route:
        if known is not None:
            return known  # It is known that nobody listens.
        if self._is_stopped:
            raise EventBusStoppedError(f"Event {event_type} came after the event bus had been stopped")
        routes = self._routes  # Taken first: if subscriptions change meanwhile, nobody reads it any more.
        found = tuple(
            (each.listener.handler, each.listener)
            for each in self._subscribed
            if each.wants(event_type, payload_class)
        )
        if len(routes) >= _MOST_ROUTES:
            routes.clear()
        routes[key] = found
        return found


def _fill_in(envelope: Any, headers: Mapping[str, str] | None) -> None:
    if headers:
        envelope.headers = dict(headers)
    before = _caused_by()
    if before is not None:
        envelope.correlation_id, envelope.causation_id = before.correlation_id, before.cause_id
    elif known := _came_with():
        envelope.correlation_id = known


async def _recover(failed: list[tuple[Listener, Exception]], envelope: EventEnvelope) -> None:
    told: list[Exception] = []
    for listener, failure in failed:
        try:
            await listener.recover(listener, envelope, failure)
        except Exception as unrecovered:  # noqa: BLE001  # raised again below
            told.append(unrecovered)
    for other in told[1:]:
        told[0].add_note(f"Another listener failed too: {type(other).__name__}: {other}")
    if told:
        raise told[0]
