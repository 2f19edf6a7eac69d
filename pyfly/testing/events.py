"""Application events that were published while a test looked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from pyfly.context.application_context import ApplicationContext

E = TypeVar("E")


class RecordedEvents:
    """The application events of one context, in the order in which they were published.

    Give it a context before the context starts to record everything, or use
    ``with app.record_events() as events:`` to record what one test causes.
    """

    def __init__(self, context: ApplicationContext | None = None) -> None:
        """Record all events of *context* from now on."""
        self._events: list[Any] = []
        if context is not None:
            context.event_bus.subscribe(object, self.record)

    def record(self, event: Any) -> None:
        """Add *event*."""
        self._events.append(event)

    def of(self, event_type: type[E], where: Callable[[E], bool] = lambda _: True) -> list[E]:
        """Return the events of *event_type* and its subclasses for which *where* holds."""
        return [each for each in self._events if isinstance(each, event_type) and where(each)]

    def one(self, event_type: type[E], where: Callable[[E], bool] = lambda _: True) -> E:
        """Return the only event of *event_type* for which *where* holds.

        Raises:
            AssertionError: There is none, or more than one.
        """
        found = self.of(event_type, where)
        if len(found) != 1:
            raise AssertionError(
                f"Expected one event of type {event_type.__qualname__}, found {len(found)}; published: {self._events!r}"
            )
        return found[0]

    def clear(self) -> None:
        """Forget everything."""
        self._events.clear()

    def __iter__(self) -> Iterator[Any]:
        return iter(tuple(self._events))

    def __len__(self) -> int:
        return len(self._events)

    def __repr__(self) -> str:
        return f"RecordedEvents({self._events!r})"


class Recorder:
    """Hands the events of one context to those who record in the context they are published in."""

    def __init__(self, context: ApplicationContext) -> None:
        """Listen to *context*."""
        self._context = context
        context.event_bus.subscribe(object, self._record)

    @contextmanager
    def recording(self) -> Iterator[RecordedEvents]:
        """Record what this task or thread, and the tasks it starts, publish during the block."""
        events = RecordedEvents()
        _recording.set((*_recording.get(), (self, events)))
        try:
            yield events
        finally:
            _recording.set(tuple(each for each in _recording.get() if each[1] is not events))

    def _record(self, event: Any) -> None:
        for recorder, events in _recording.get():
            if recorder is self:
                events.record(event)


_recording: ContextVar[tuple[tuple[Recorder, RecordedEvents], ...]] = ContextVar(
    "pyfly_test_events", default=()
)
