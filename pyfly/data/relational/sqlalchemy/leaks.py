"""Warns of connections that are in use for suspiciously long, with the code that took them."""

import asyncio
import logging
from datetime import timedelta

from pyfly.data.relational.sqlalchemy.holders import Holders

_log = logging.getLogger("pyfly.data")


class LeakWatch:
    """Looks through the holders of connections from time to time."""

    def __init__(self, name: str, holders: Holders, threshold: timedelta | None) -> None:
        """Look for connections of data source *name* that are held longer than *threshold*, if there is one."""
        self._name = name
        self._holders = holders
        self._threshold = threshold.total_seconds() if threshold else 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look from now on, as often as finds a leak within one and a half thresholds."""
        if self._threshold and self._task is None:
            self._task = asyncio.create_task(self._watch(), name=f"pyfly-leaks-{self._name}")

    async def stop(self) -> None:
        """Stop looking."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def look(self) -> int:
        """Warn of every connection that is held too long and has not been reported; return how many there were."""
        found = list(self._holders.leaks(self._threshold))
        for holder in found:
            stack = "".join(f"\n  {place}" for place in holder.stack) or "\n  code of the framework"
            _log.warning(
                "A connection of data source '%s' has been in use for more than %g s; it was taken at:%s",
                self._name,
                self._threshold,
                stack,
            )
        return len(found)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._threshold / 2)
            self.look()
