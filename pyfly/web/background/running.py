"""Runs background tasks after their responses, and waits for them when the application stops."""

import asyncio
import inspect
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from pyfly.web.binding.compiler import TASKS
from pyfly.web.responses import Scope
from pyfly.web.routing.request_id import current_request_id

_log: Final = logging.getLogger("pyfly.web")
_SERVER_ERROR: Final = 500


class BackgroundRunner:
    """Runs what handlers leave to be done. One for each application."""

    def __init__(self, run_sync: Callable[..., Any], timeout: timedelta) -> None:
        """Run functions that are not async with *run_sync*; wait at most *timeout* at the end."""
        self._run_sync = run_sync
        self._timeout = timeout.total_seconds()
        self._running: set[asyncio.Task[None]] = set()

    def done(self, scope: Scope, status: int, seconds: float) -> None:
        """Begin the tasks of a request whose response has been sent."""
        found = scope.get(TASKS)
        if found is None or not found.tasks:
            return
        if status >= _SERVER_ERROR:
            _log.warning("%d background tasks are not run: the response is %d", len(found.tasks), status)
            return
        # A task has a copy of the current context: the id of the request, and what its handler has set.
        task = asyncio.get_running_loop().create_task(self._run(found.tasks), name="background tasks")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Wait until all tasks are done; those that take too long are cancelled, which is logged."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=self._timeout)
        for task in late:
            task.cancel()
        if late:
            _log.error(
                "%d background tasks took more than %.3g s to end and were cancelled.",
                len(late),
                self._timeout,
            )
            await asyncio.wait(late)

    async def _run(self, tasks: list[Any]) -> None:
        for each in tasks:
            try:
                if inspect.iscoroutinefunction(each.func):
                    await each.func(*each.args, **each.kwargs)
                else:
                    await self._run_sync(each.func, *each.args, **each.kwargs)
            except Exception:  # noqa: BLE001  # the response is out: only the log can tell
                name = getattr(each.func, "__qualname__", repr(each.func))
                request_id = current_request_id.get()
                _log.exception(
                    "background task %s failed (request %s)",
                    name,
                    request_id,
                    extra={"request_id": request_id},
                )
