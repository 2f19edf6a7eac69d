"""Who waits for a task that does a part of its work: where code was called from can be told although a task was made."""

import asyncio
from collections.abc import Awaitable
from contextvars import ContextVar
from types import FrameType
from typing import Any, Final, TypeVar

R = TypeVar("R")


class Caller:
    """A task that waits for another one, which does a part of its work.

    Attributes:
        task: Which one it is; none once it waits no more.
        outer: Who waits for it in turn.
    """

    __slots__ = ("outer", "task")

    def __init__(self, task: "asyncio.Task[Any] | None", outer: "Caller | None") -> None:
        """Note that *task*, for which *outer* waits, is going to wait."""
        self.task = task
        self.outer = outer


_caller: Final[ContextVar[Caller | None]] = ContextVar("pyfly_data_caller", default=None)


def working_for_this(work: Awaitable[R]) -> "tuple[asyncio.Future[R], Caller]":
    """Return *work* as a task of its own, and who waits for it: the current task, until its ``task`` is taken away."""
    caller = Caller(asyncio.current_task(), _caller.get())
    token = _caller.set(caller)
    try:
        return asyncio.ensure_future(work), caller
    finally:
        _caller.reset(token)


def frames_of_callers() -> list[FrameType]:
    """Return the frames of those who wait for the work of the current task, the innermost first."""
    found: list[FrameType] = []
    caller = _caller.get()
    while caller is not None:
        if caller.task is not None:
            found += _suspended(caller.task)
        caller = caller.outer
    return found


def _suspended(task: "asyncio.Task[Any]") -> list[FrameType]:
    """Return where *task* waits: each of its coroutines knows whom it waits for, never who waits for it."""
    found: list[FrameType] = []
    step: Any = task.get_coro()
    while step is not None:
        frame = getattr(step, "cr_frame", None) or getattr(step, "gi_frame", None)
        if frame is None:
            break
        found.append(frame)
        step = getattr(step, "cr_await", None) or getattr(step, "gi_yieldfrom", None)
    found.reverse()
    return found
