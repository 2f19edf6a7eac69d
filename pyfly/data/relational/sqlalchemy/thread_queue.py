"""The idle connections of a pool for threads."""

from typing import Any

from sqlalchemy.util.queue import Empty, Queue

from pyfly.data.relational.sqlalchemy.waiting import PLACE, Waiting


class ThreadQueue(Queue[Any]):
    """A queue that counts who waits for an item, and can let one of them open a connection instead."""

    def __init__(self, waiting: Waiting, maxsize: int = 0, *, use_lifo: bool = False) -> None:
        """Hold at most *maxsize* idle items, and count in *waiting* who waits for one."""
        super().__init__(maxsize, use_lifo)
        self._waiting = waiting
        self._threads = 0

    def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002  # as in SQLAlchemy
        """Return an idle item; if there is none, wait for one at most *timeout* seconds.

        Raises:
            Empty: There was none.
        """
        try:
            return super().get(False)
        except Empty:
            if not block:
                raise
        with self.mutex:
            self._threads += 1
        try:
            with self._waiting:
                return super().get(True, timeout)
        finally:
            with self.mutex:
                self._threads -= 1

    def yield_place(self) -> bool:
        """Let one of those who wait open a connection; return whether there is anybody."""
        with self.mutex:
            if not self._threads:
                return False
            self.put(PLACE, False)
        return True
