"""What a handler returns to stream its answer."""

from collections.abc import AsyncIterable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar

from pyfly.web.ports.streams import EVENT_STREAM, JSON_LINES

T = TypeVar("T")

OCTETS = "application/octet-stream"
PLAIN_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class ServerSentEvent(Generic[T]):
    """One event of a ``text/event-stream``.

    Attributes:
        data: Texts are sent as they are, everything else as JSON; ``None`` sends no data.
        event: The type of the event, which clients listen for; they take it for ``message`` without one.
        id: What clients send as ``Last-Event-ID`` when they come back.
        retry: How long clients are to wait before they come back.
        comment: A text that clients ignore.
    """

    data: T | None = None
    event: str | None = None
    id: str | None = None
    retry: timedelta | None = None
    comment: str | None = None


class StreamedContent(Generic[T]):
    """An answer whose parts are made while it is sent; the base of the kinds of streams.

    Attributes:
        stream_media_type: The content type, unless the mapping names another one.
    """

    stream_media_type: ClassVar[str] = OCTETS

    def __init__(
        self,
        source: AsyncIterable[T] | Iterable[T],
        *,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Stream what *source* yields.

        Args:
            source: The parts; one that is not async is iterated in the thread pool.
            status: The status, if not that of the mapping.
            headers: Additional headers.
        """
        self.source: AsyncIterable[Any] | Iterable[Any] = source
        self.status = status
        self.headers = dict(headers or {})


class EventStream(StreamedContent[T]):
    """Server-sent events: of :class:`ServerSentEvent`, or of anything that becomes the data of one."""

    stream_media_type = EVENT_STREAM


class JsonLines(StreamedContent[T]):
    """One JSON document per line."""

    stream_media_type = JSON_LINES


class ByteStream(StreamedContent[bytes]):
    """Bytes as they come."""
