"""What happens in the clinic, told as it happens: an addition to the contract."""

from collections.abc import AsyncIterator

from pyfly.container import rest_controller
from pyfly.web import ServerSentEvent, request_mapping, sse_mapping
from pyfly.web.openapi import api_tag

from petclinic.controllers.parameters import LastVisit
from petclinic.dtos import VisitDto
from petclinic.services.feed import VisitFeed


@rest_controller
@request_mapping("/api/stream")
@api_tag("stream", "What happens, told as it happens.")
class StreamsController:
    """Answers requests that last."""

    def __init__(self, feed: VisitFeed) -> None:
        self._feed = feed

    @sse_mapping("/visits")
    async def stream_visits(self, after: LastVisit = None) -> AsyncIterator[ServerSentEvent[VisitDto]]:
        """Tell of each new visit as it is added.

        The number of a visit is the id of its event, so that a client that comes back hears of what it has missed.
        """
        async for visit in self._feed.visits(after):
            yield ServerSentEvent(visit, event="visit", id=str(visit.id))
