"""What an optional database that did not answer at the start missed: done when it answers at last."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import ServiceUnavailableException

_PAUSE: Final = 5.0

_log = logging.getLogger("pyfly.data")


class LateStart:
    """Asks a database from time to time whether it answers, and prepares it once, the first time that it does."""

    def __init__(
        self,
        name: str,
        ping: Callable[[], Awaitable[object]],
        prepare: Callable[[], Awaitable[None]],
        clock: Clock,
    ) -> None:
        """Wait for data source *name*: *ping* is true when it answers, *prepare* makes it ready."""
        self._name = name
        self._ping = ping
        self._prepare = prepare
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Ask from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._wait(), name=f"pyfly-late-start-{self._name}")

    async def stop(self) -> None:
        """Ask no more."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _wait(self) -> None:
        while True:
            await self._clock.sleep(_PAUSE)
            if not await self._ping():
                continue
            try:
                await self._prepare()
            except ServiceUnavailableException:
                continue  # It has gone again.
            except Exception as failure:  # noqa: BLE001  # there is nobody to raise it to
                _log.exception(
                    "The database of data source '%s' answers now, but could not be prepared: %s; "
                    "mend that and start again",
                    self._name,
                    failure,
                )
            else:
                _log.info("The database of data source '%s' answers now, and is prepared", self._name)
            return
