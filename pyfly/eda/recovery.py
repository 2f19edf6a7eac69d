"""What a listener's failure leads to: the error strategies, and the replay of what they kept."""

import logging
from collections.abc import Iterator, Sequence
from contextvars import Token
from dataclasses import dataclass, replace
from datetime import timedelta
from inspect import isawaitable
from typing import Any, Final

from pyfly.eda.correlation import Origin, cause
from pyfly.eda.dead_letter import DeadLetter
from pyfly.eda.exceptions import UnknownDeadLetterError
from pyfly.eda.ports.outbound import DeadLetterStore
from pyfly.eda.types import ErrorStrategy, EventEnvelope, EventHandler
from pyfly.kernel.clock import Clock, SystemClock

_log: Final = logging.getLogger("pyfly.eda")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How often an event is delivered to a failing listener, and the pauses between."""

    max_attempts: int = 3
    delay: timedelta = timedelta(milliseconds=100)
    multiplier: float = 2.0
    max_delay: timedelta = timedelta(seconds=10)

    def pauses(self) -> Iterator[float]:
        """Yield the seconds before the second attempt, the third, and so on."""
        longest = self.max_delay.total_seconds()
        pause = min(self.delay.total_seconds(), longest)
        for _ in range(self.max_attempts - 1):
            yield pause
            pause = min(pause * self.multiplier, longest)


class Listener:
    """A handler with its name, its place and what happens when it fails."""

    __slots__ = ("handler", "name", "order", "recovery", "strategy")

    def __init__(
        self, handler: EventHandler, name: str, order: int, strategy: ErrorStrategy, recovery: "Recovery"
    ) -> None:
        """Describe *handler*."""
        self.handler = handler
        self.name = name
        self.order = order
        self.strategy = strategy
        self.recovery = recovery

    async def __call__(self, envelope: EventEnvelope) -> None:
        """Deliver *envelope*, and recover from a failure as the strategy says.

        Raises:
            Exception: The strategy is to fail fast.
        """
        token: Token[EventEnvelope | Origin | None] = cause.set(envelope)
        try:
            await self.attempt(envelope)
        except Exception as failure:  # noqa: BLE001  # the strategy decides
            await self.recovery.recover(self, envelope, failure)
        finally:
            cause.reset(token)

    async def attempt(self, envelope: EventEnvelope) -> None:
        """Call the handler once; what it raises reaches the caller."""
        result: Any = self.handler(envelope)
        if isawaitable(result):
            await result


class DeadLetters:
    """The events that listeners could not handle: to be looked at, replayed or discarded."""

    def __init__(self, store: DeadLetterStore, clock: Clock | None = None) -> None:
        """Keep them in *store*."""
        self._store = store
        self._clock = clock or SystemClock()
        self._listeners: dict[str, Listener] = {}

    async def all(self) -> Sequence[DeadLetter]:
        """Return every letter, the oldest first."""
        return await self._store.all()

    async def get(self, letter_id: str) -> DeadLetter:
        """Return one letter.

        Raises:
            UnknownDeadLetterError: There is none with *letter_id*.
        """
        letter = await self._store.get(letter_id)
        if letter is None:
            raise UnknownDeadLetterError(f"There is no dead letter {letter_id}")
        return letter

    async def replay(self, letter_id: str) -> None:
        """Deliver the event once more, to the listener that failed on it, and forget the letter.

        Raises:
            UnknownDeadLetterError: There is no such letter, or no such listener any more.
            Exception: What the listener raised. The letter stays, with the new failure.
        """
        letter = await self.get(letter_id)
        listener = self._listeners.get(letter.listener)
        if listener is None:
            raise UnknownDeadLetterError(f"Nobody called {letter.listener} listens to events")
        token = cause.set(letter.envelope)
        try:
            await listener.attempt(letter.envelope)
        except Exception as failure:
            await self._store.add(self._failed_again(letter, failure))
            raise
        finally:
            cause.reset(token)
        await self._store.remove(letter_id)

    async def replay_all(self) -> int:
        """Replay every letter, the oldest first; those that fail again stay. Return how many went well."""
        handled = 0
        for letter in await self.all():
            try:
                await self.replay(letter.letter_id)
            except Exception:  # noqa: BLE001  # it stays a dead letter, and the next has its turn
                _log.warning("Dead letter %s failed again", letter.letter_id, exc_info=True)
            else:
                handled += 1
        return handled

    async def discard(self, letter_id: str) -> bool:
        """Forget a letter. Return whether there was one."""
        return await self._store.remove(letter_id)

    async def add(self, listener: Listener, envelope: EventEnvelope, failure: Exception, attempts: int) -> None:
        """Keep *envelope*, which *listener* has failed on."""
        letter = DeadLetter(
            envelope=envelope,
            listener=listener.name,
            error_type=type(failure).__name__,
            error_message=str(failure),
            attempts=attempts,
            failed_at=self._clock.now(),
        )
        await self._store.add(letter)

    def register(self, listener: Listener) -> None:
        """Let letters be replayed to *listener*, under a name that it shares with no other handler."""
        name, number = listener.name, 1
        while (known := self._listeners.get(listener.name)) and known.handler != listener.handler:
            number += 1
            listener.name = f"{name}#{number}"
        self._listeners[listener.name] = listener

    def forget(self, listener: Listener) -> None:
        """Replay nothing more to *listener*."""
        if self._listeners.get(listener.name) is listener:
            del self._listeners[listener.name]

    def _failed_again(self, letter: DeadLetter, failure: Exception) -> DeadLetter:
        return replace(
            letter,
            error_type=type(failure).__name__,
            error_message=str(failure),
            attempts=letter.attempts + 1,
            failed_at=self._clock.now(),
        )


class Recovery:
    """Carries out the error strategies of the listeners of one bus."""

    def __init__(
        self,
        dead_letters: DeadLetters,
        strategy: ErrorStrategy = ErrorStrategy.LOG_AND_CONTINUE,
        backoff: Backoff | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Use *strategy* for listeners that do not name one."""
        self.dead_letters = dead_letters
        self._strategy = strategy
        self._backoff = backoff or Backoff()
        self._clock = clock or SystemClock()

    def listener(
        self,
        handler: EventHandler,
        *,
        name: str = "",
        order: int = 0,
        error_strategy: ErrorStrategy | str | None = None,
    ) -> Listener:
        """Describe *handler*, whose dead letters can then be replayed.

        Raises:
            ValueError: There is no such strategy.
        """
        strategy = self._strategy if error_strategy is None else ErrorStrategy(error_strategy)
        listener = Listener(handler, name or name_of(handler), order, strategy, self)
        self.dead_letters.register(listener)
        return listener

    async def recover(self, listener: Listener, envelope: EventEnvelope, failure: Exception) -> None:
        """Do what the strategy of *listener* says about *failure*.

        Raises:
            Exception: *failure* itself, if the strategy is to fail fast.
        """
        match listener.strategy:
            case ErrorStrategy.FAIL_FAST:
                raise failure
            case ErrorStrategy.IGNORE:
                _log.debug("%s failed on %s; ignored", listener.name, envelope.event_type, exc_info=failure)
            case ErrorStrategy.LOG_AND_CONTINUE:
                _log.error("%s failed on %s", listener.name, envelope.event_type, exc_info=failure)
            case ErrorStrategy.DEAD_LETTER:
                await self._bury(listener, envelope, failure, attempts=1)
            case ErrorStrategy.RETRY:
                await self._retry(listener, envelope, failure)

    async def _retry(self, listener: Listener, envelope: EventEnvelope, failure: Exception) -> None:
        attempts = 1
        for pause in self._backoff.pauses():
            _log.warning("%s failed on %s; again in %g s", listener.name, envelope.event_type, pause)
            await self._clock.sleep(pause)
            attempts += 1
            try:
                await listener.attempt(envelope)
            except Exception as again:  # noqa: BLE001  # the next attempt, or the letter, takes care of it
                failure = again
            else:
                return
        await self._bury(listener, envelope, failure, attempts)

    async def _bury(
        self, listener: Listener, envelope: EventEnvelope, failure: Exception, attempts: int
    ) -> None:
        _log.error(
            "%s failed on %s; kept as a dead letter", listener.name, envelope.event_type, exc_info=failure
        )
        try:
            await self.dead_letters.add(listener, envelope, failure, attempts)
        except Exception:
            _log.exception("The dead letter of event %s could not be kept", envelope.event_id)


def name_of(handler: Any) -> str:
    """Return what *handler* is called in logs and dead letters."""
    function = getattr(handler, "__func__", handler)
    name = getattr(function, "__qualname__", type(handler).__qualname__)
    return f"{getattr(function, '__module__', '')}.{name}".lstrip(".")
