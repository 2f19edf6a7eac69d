"""How long threads were ready to run, and did not, because others had the processors."""

import os
import threading
from pathlib import Path


class Waiting:
    """Looks at the thread that made it, and at the main threads of other processes."""

    def __init__(self, *others: int) -> None:
        own = Path(f"/proc/{os.getpid()}/task/{threading.get_native_id()}/schedstat")
        self._places = [own, *(Path(f"/proc/{other}/task/{other}/schedstat") for other in others)]

    def seconds(self) -> float:
        """Return how long all of them have waited so far."""
        return sum(map(waited, self._places))


def waited(place: Path) -> float:
    """Return the seconds that the thread of a *schedstat* file has waited so far; 0.0 where nobody tells."""
    try:
        return int(place.read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0
