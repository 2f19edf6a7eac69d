"""What binding and streaming tell each other about a route whose answer is a stream."""

from typing import Any, NamedTuple

EVENT_STREAM = "text/event-stream"
JSON_LINES = "application/jsonl"


class StreamPlan(NamedTuple):
    """A streamed result.

    Attributes:
        media_type: Its content type.
        item: The annotation of its items.
        payload: The type that is written for an item: the data of an event, else the item.
    """

    media_type: str
    item: Any
    payload: Any

    @property
    def is_events(self) -> bool:
        """Whether it consists of server-sent events."""
        return self.media_type.startswith(EVENT_STREAM)

    @property
    def is_lines(self) -> bool:
        """Whether it consists of JSON documents, one a line."""
        name = self.media_type.partition(";")[0].strip()
        return name in (JSON_LINES, "application/x-ndjson", "application/ndjson", "application/json-lines")
