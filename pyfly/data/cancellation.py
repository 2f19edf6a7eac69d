"""Work that has to be finished even when its caller is cancelled: commits, rollbacks, clean-up."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from pyfly.data.callers import working_for_this

R = TypeVar("R")


async def uninterrupted(work: Coroutine[Any, Any, R]) -> R:
    """Run *work* to its end even if the caller is cancelled meanwhile; only then cancel the caller."""
    task, caller = working_for_this(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as request:
            cancelled = request
        except Exception:  # noqa: BLE001  # raised below, by the task's result
            break
    caller.task = None
    if cancelled is not None:
        raise cancelled
    return task.result()


async def settled(work: Awaitable[R], grace: float) -> R:
    """Run *work* and, if the caller is cancelled meanwhile, let it go on for *grace* seconds before it is cancelled.

    For drivers that lose a connection when they are interrupted in the middle of opening or using it.
    """
    task, caller = working_for_this(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await uninterrupted(_given_up(task, grace))
        raise
    finally:
        caller.task = None


async def _given_up(task: "asyncio.Future[Any]", grace: float) -> None:
    await asyncio.wait({task}, timeout=grace)
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # nobody else will ask for it
