"""Who listens hears of every new visit."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pyfly.container import service
from pyfly.eda import event_listener

from petclinic.dtos import VisitDto
from petclinic.repositories import VisitRepository

BACKLOG = 100


@dataclass(frozen=True)
class VisitAdded:
    """A visit was added."""

    visit: VisitDto


@service
class VisitFeed:
    """Tells everybody who listens of new visits, once they are stored for good."""

    def __init__(self, visits: VisitRepository) -> None:
        self._visits = visits
        self._listening: set[asyncio.Queue[VisitDto]] = set()

    @event_listener(phase="after_commit")
    async def on_added(self, event: VisitAdded) -> None:
        """Tell everybody; who is too slow misses the oldest."""
        for queue in self._listening:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event.visit)

    async def visits(self, after: int | None = None) -> AsyncIterator[VisitDto]:
        """Yield each new visit; first those with a number higher than *after*, which a listener has missed."""
        queue: asyncio.Queue[VisitDto] = asyncio.Queue(BACKLOG)
        self._listening.add(queue)
        try:
            missed = [] if after is None else await self._visits.find_by_id_greater_than_order_by_id(after)
            for each in missed:
                yield VisitDto.of(each)
            told = {each.id for each in missed}
            while True:
                visit = await queue.get()
                if visit.id not in told:
                    yield visit
        finally:
            self._listening.discard(queue)
