"""What a listener's failure leads to: the error strategies."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from pyfly.eda.dead_letters import DeadLetters
from pyfly.eda.delivery import Listener, name_of
from pyfly.eda.types import ErrorStrategy, EventEnvelope, EventHandler
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.record import Record

_log: Final = logging.getLogger("pyfly.eda")


class Backoff(Record, kw_only=True):
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
        listener = Listener(handler, name or name_of(handler), order, strategy, self.recover)
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
            try:
                await self._clock.sleep(pause)
                attempts += 1
                await listener.attempt(envelope)
            except Exception as again:  # noqa: BLE001  # the next attempt, or the letter, takes care of it
                failure = again
            except BaseException:  # a cancelled publisher must not lose the event of this listener
                await self._bury(listener, envelope, failure, attempts)
                raise
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
        except Exception:  # noqa: BLE001  # the other listeners have their turn, whatever the store does
            _log.exception("The dead letter of event %s could not be kept", envelope.event_id)
