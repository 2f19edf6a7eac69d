"""Looks for connections that are in use for suspiciously long, with the code that took them."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from pyfly.data.hooks.leaks import LOST, Leak, LeakHook
from pyfly.data.relational.sqlalchemy.holders import Holder, Holders

_log = logging.getLogger("pyfly.data")


class LeakWatch:
    """Looks through the holders of connections from time to time."""

    def __init__(self, name: str, holders: Holders, threshold: timedelta | None) -> None:
        """Look for connections of data source *name* that are held longer than *threshold*, if there is one."""
        self._name = name
        self._holders = holders
        self._threshold = threshold.total_seconds() if threshold else 0.0
        self._hooks: tuple[LeakHook, ...] = (LeakHook(),)
        self._task: asyncio.Task[None] | None = None

    def tell(self, hooks: Iterable[LeakHook], threshold: timedelta | None = None) -> None:
        """Tell *hooks* instead of only the log; look from *threshold* on if no other one was set."""
        self._hooks = tuple(hooks)
        if not self._hooks:
            self._threshold = 0.0
        elif threshold is not None:
            self._threshold = self._threshold or threshold.total_seconds()
        for hook in self._hooks:
            hook.watch(self.held)

    def start(self) -> None:
        """Look from now on, as often as finds a leak within one and a half thresholds."""
        if self._threshold and self._task is None:
            self._task = asyncio.create_task(self._watch(), name=f"pyfly-leaks-{self._name}")

    async def stop(self) -> None:
        """Stop looking, and tell of what has not been given back."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for leak in self.held(is_lost=True):
            LOST.append(leak)
            self._leaked(leak)

    def look(self) -> int:
        """Tell of every connection that is held too long and has not been told of; return how many there were."""
        found = list(self._holders.leaks(self._threshold))
        for holder in found:
            self._leaked(self._leak(holder, self._threshold))
        return len(found)

    def held(self, *, is_lost: bool = False) -> Iterator[Leak]:
        """Yield every connection that is in use."""
        for holder, seconds in self._holders.held():
            yield self._leak(holder, seconds, is_lost=is_lost)

    def _leaked(self, leak: Leak) -> None:
        for hook in self._hooks:
            try:
                hook.leaked(leak)
            except Exception:  # noqa: BLE001  # the others have their turn, and the watch goes on
                _log.exception("%s failed when it was told: %s", type(hook).__name__, leak)

    def _leak(self, holder: Holder, seconds: float, *, is_lost: bool = False) -> Leak:
        return Leak(datasource=self._name, seconds=seconds, stack=holder.stack, is_lost=is_lost)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._threshold / 2)
            self.look()
