"""Work that has to be finished even when its caller is cancelled: commits, rollbacks, clean-up."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


async def uninterrupted(work: Coroutine[Any, Any, R]) -> R:
    """Run *work* to its end even if the caller is cancelled meanwhile; only then cancel the caller."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as request:
            cancelled = request
        except Exception:  # noqa: BLE001  # raised below, by the task's result
            break
    if cancelled is not None:
        raise cancelled
    return task.result()
