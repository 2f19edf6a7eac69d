"""Ending a start from outside: it runs in somebody's task, which must not look cancelled afterwards."""

import asyncio
from types import TracebackType
from typing import Self, cast


class Interruption:
    """Surrounds a start; whoever wants it to end asks for that and waits until it has been undone."""

    def __init__(self) -> None:
        """Watch over the current task."""
        self._task = cast("asyncio.Task[object]", asyncio.current_task())
        self._cancellations = self._task.cancelling()
        self._ended = asyncio.Event()
        self.is_wanted = False

    async def interrupt(self, *, cancel: bool = True) -> None:
        """Cancel the start and return once it has ended; called by the start itself, do not wait for it.

        Args:
            cancel: Whether there is anything to cancel; a start that has failed is being undone already.
        """
        if cancel and not self.is_wanted:
            self.is_wanted = True
            self._task.cancel()
        if asyncio.current_task() is not self._task:
            await self._ended.wait()

    async def check(self) -> None:
        """Raise ``CancelledError`` if the start is not wanted any more, even if a bean swallowed that."""
        if self.is_wanted:
            await asyncio.sleep(0)  # where the cancellation is delivered, unless it has been
            raise asyncio.CancelledError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if not self.is_wanted:
            return
        if self._task.uncancel() <= self._cancellations and kind is asyncio.CancelledError:
            raise InterruptedStartError from error


class InterruptedStartError(Exception):
    """The start was cancelled by a stop, and by nobody else."""
