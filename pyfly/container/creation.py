"""Running a creation once: whoever comes second waits for the first, in threads and tasks alike.

A creation is a generator that yields what must be awaited, so that one description serves both
colours: :func:`finish` runs it synchronously, :func:`afinish` inside an event loop.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import ContextVar
from threading import Event, Lock, get_ident
from typing import Any, TypeVar

from pyfly.container import explain
from pyfly.container.definition import BeanDefinition
from pyfly.container.types import MISSING

T = TypeVar("T")
Steps = Generator[Awaitable[Any], Any, T]


class Flight:
    """One creation in progress: the task and thread that run it, and those who wait for its end."""

    __slots__ = ("_ended", "_lock", "_waiters", "definition", "path", "task", "thread")

    def __init__(self, definition: BeanDefinition, path: tuple[Flight, ...]) -> None:
        """Begin the creation of *definition* inside those creations of *path* that run right here.

        A task or thread that a creation starts inherits its context, but nobody need wait for it.
        """
        self.definition = definition
        self.task, self.thread = _current_task(), get_ident()
        own = not path or (path[-1].task is self.task and path[-1].thread == self.thread)
        self.path = path if own else ()
        self._waiters: list[Callable[[], object]] = []
        self._ended = False
        self._lock = Lock()

    def when_ended(self, callback: Callable[[], object]) -> None:
        """Call *callback* once the creation has ended, however it ended."""
        with self._lock:
            if not self._ended:
                self._waiters.append(callback)
                return
        callback()

    def end(self) -> None:
        """Let those who wait go on."""
        with self._lock:
            self._ended = True
            waiters, self._waiters = self._waiters, []
        for callback in waiters:
            callback()


def _current_task() -> object | None:
    if "asyncio" not in sys.modules:
        return None
    from asyncio import current_task  # loaded already; a program without a loop never pays for it

    try:
        return current_task()
    except RuntimeError:  # no loop runs in this thread
        return None


class _Landing:
    """Waits for the end of somebody else's flight: awaited in a loop, or blocked on in a thread."""

    def __init__(self, flight: Flight) -> None:
        self._flight = flight

    def block(self) -> None:
        if self._flight.thread == get_ident():
            # The creation runs in a task of this very thread, which blocking would stop for ever.
            raise explain.needs_await(self._flight.definition)
        ended = Event()
        self._flight.when_ended(ended.set)
        ended.wait()

    def __await__(self) -> Generator[Any, None, None]:
        import asyncio  # a loop is running, so it is loaded already

        loop = asyncio.get_running_loop()
        ended = loop.create_future()
        self._flight.when_ended(lambda: loop.call_soon_threadsafe(_settle, ended))
        yield from ended


def _settle(future: Any) -> None:
    if not future.done():
        future.set_result(None)


class Creations:
    """Makes sure that each singleton of one container is created once."""

    def __init__(self) -> None:
        """Start with no creation in progress."""
        self._mutex = Lock()
        self._waiting: dict[Flight, Flight] = {}

    def once(
        self,
        definition: BeanDefinition,
        make: Callable[[BeanDefinition], Steps[Any]],
        *,
        asked: BeanDefinition,
    ) -> Steps[Any]:
        """Create the singleton of *definition* through *make*, unless somebody has or does.

        Args:
            definition: What to create.
            make: Creates it.
            asked: The definition for whose sake it is created; it is named when that is a cycle.

        Raises:
            CircularDependencyError: The creation waits, through providers, for itself.
        """
        while definition.instance is MISSING:
            mine = Flight(definition, _path.get())
            flight = self._board(mine)
            if flight is mine:
                yield from self._fly(mine, make)
            elif flight is not None:
                yield from self._await_landing(flight, mine, asked)
        return definition.instance

    def _board(self, mine: Flight) -> Flight | None:
        """Return the flight under way: *mine*, unless somebody was quicker; none once the bean exists."""
        with self._mutex:
            if mine.definition.instance is not MISSING:
                return None
            if mine.definition.flight is None:
                mine.definition.flight = mine
            flight: Flight = mine.definition.flight
            return flight

    def _fly(self, flight: Flight, make: Callable[[BeanDefinition], Steps[Any]]) -> Steps[None]:
        definition = flight.definition
        _path.set((*flight.path, flight))
        try:
            definition.instance = yield from make(definition)
        finally:
            _path.set(flight.path)
            with self._mutex:
                definition.flight = None
            flight.end()

    def _await_landing(self, flight: Flight, mine: Flight, asked: BeanDefinition) -> Steps[None]:
        path = mine.path
        if path:
            with self._mutex:
                if flight in path or self._leads_to(flight, path):
                    before = path[path.index(flight) :] if flight in path else path
                    after = () if flight in path else (path[0].definition,)
                    ring = [*(each.definition for each in before), *_route(asked, flight.definition), *after]
                    raise explain.at_run_time(each.name for each in ring)
                self._waiting[mine] = flight
        try:
            yield _Landing(flight)
        finally:
            if path:
                with self._mutex:
                    del self._waiting[mine]

    def _leads_to(self, flight: Flight, path: tuple[Flight, ...]) -> bool:
        """Say whether the creation *flight* waits, directly or not, for one of *path*."""
        blocked = {flight}
        while True:
            reached = {
                target for waiter, target in self._waiting.items() if not blocked.isdisjoint(waiter.path)
            } - blocked
            if not reached.isdisjoint(path):
                return True
            if not reached:
                return False
            blocked |= reached


def _route(start: BeanDefinition, end: BeanDefinition) -> list[BeanDefinition]:
    """Return the definitions by which *start* needs *end*, both included."""
    found: dict[BeanDefinition, list[BeanDefinition]] = {start: [start]}
    for current, route in (pending := list(found.items())):
        for need in current.needs:
            if need not in found:
                found[need] = [*route, need]
                pending.append((need, found[need]))
    return found.get(end, [end])


_path: ContextVar[tuple[Flight, ...]] = ContextVar("pyfly_creation_path", default=())


def finish(steps: Steps[T], definition: BeanDefinition) -> T:
    """Run *steps* synchronously.

    Raises:
        AsyncBeanError: Something must be awaited.
    """
    try:
        wait = next(steps)
        while True:
            if isinstance(wait, _Landing):
                try:
                    wait.block()
                except BaseException as error:  # noqa: BLE001  # handed to the creation, which undoes itself
                    wait = steps.throw(error)
                else:
                    wait = next(steps)
            else:
                if isinstance(wait, Coroutine):
                    wait.close()
                wait = steps.throw(explain.needs_await(definition))
    except StopIteration as stop:
        result: T = stop.value
        return result


async def afinish(steps: Steps[T]) -> T:
    """Run *steps*, awaiting what they yield."""
    try:
        wait = next(steps)
        while True:
            try:
                value = await wait
            except BaseException as error:  # noqa: BLE001  # handed to the creation, which undoes itself
                wait = steps.throw(error)
            else:
                wait = steps.send(value)
    except StopIteration as stop:
        result: T = stop.value
        return result
