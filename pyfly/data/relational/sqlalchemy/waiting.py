"""Who waits for a connection, and what they may be given instead of one."""

import threading

from pyfly.kernel.record import Record


class Waiting:
    """How many units of work wait for a connection of a data source, and how many have waited in vain."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.now = 0
        self.exhausted = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.now += 1

    def __exit__(self, *_failure: object) -> None:
        with self._lock:
            self.now -= 1

    def refuse(self) -> None:
        """Count one who has waited in vain."""
        with self._lock:
            self.exhausted += 1


class Place(Record):
    """The right to open a connection, which goes to who waits in place of the one that could not be opened."""

    def close(self) -> None:
        """Do nothing: pools close what lies in their queues when they end."""


PLACE = Place()
