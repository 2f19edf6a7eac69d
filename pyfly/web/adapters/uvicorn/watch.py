"""Looks at connections now and then, a few at a time, so that looking at many keeps nobody waiting."""

import asyncio
from collections import deque
from math import ceil
from time import perf_counter
from typing import Final, Protocol

from pyfly.web.connections.properties import ConnectionProperties

_PERIOD: Final = 0.25
"""Seconds between two looks at the same connection."""
_TURNS: Final = 50
"""How many turns there are in a period, at most."""
_FEW: Final = 20
"""How many connections a turn looks at, at least."""
_HOLD: Final = 0.0003
"""Seconds that a turn may take, after which others have theirs."""
_GAP: Final = 0.001
"""Seconds until it goes on."""


class Watched(Protocol):
    """A connection that gives itself up when its client has been too slow."""

    def look(self, now: float, limits: ConnectionProperties) -> bool:
        """Give the connection up if its client has been too slow; return whether to look at it again."""


class Watch:
    """The connections of one server, each of which has its turn once in a period.

    Attributes:
        limits: How slow clients may be.
    """

    def __init__(self, limits: ConnectionProperties) -> None:
        """Watch for clients that exceed *limits*."""
        self.limits = limits
        self._connections: deque[Watched] = deque()
        self._left = 0
        self._next: asyncio.TimerHandle | None = None

    def add(self, connection: Watched) -> None:
        """Look at *connection* from now on, for as long as it is open."""
        self._connections.append(connection)

    def start(self) -> None:
        """Begin to look."""
        self._next = asyncio.get_running_loop().call_later(_PERIOD, self._turn)

    def stop(self) -> None:
        """Look no more."""
        if self._next is not None:
            self._next.cancel()

    def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        connections, now, end = self._connections, loop.time(), perf_counter() + _HOLD
        number = len(connections)
        share = max(_FEW, ceil(number / _TURNS))
        left = min(number, self._left or share)
        while left:
            left -= 1
            connection = connections.popleft()
            if connection.look(now, self.limits):
                connections.append(connection)
            # Giving up takes much longer than looking: the rest of this turn comes after others.
            if perf_counter() > end:
                break
        self._left = left
        pause = _GAP if left else _PERIOD * min(1, share / max(1, number))
        self._next = loop.call_later(pause, self._turn)
