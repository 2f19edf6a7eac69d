"""The events that listeners could not handle: looked at, replayed, discarded."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyfly.eda.delivery import Listener
from pyfly.eda.exceptions import UnknownDeadLetterError
from pyfly.eda.ports.outbound import DeadLetterStore
from pyfly.eda.types import DeadLetter, EventEnvelope
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.correlation import cause

_log: Final = logging.getLogger("pyfly.eda")


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

    async def add(
        self, listener: Listener, envelope: EventEnvelope, failure: Exception, attempts: int
    ) -> None:
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
