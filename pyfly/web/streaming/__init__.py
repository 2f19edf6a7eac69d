"""Answers that are sent piece by piece: server-sent events, JSON Lines, streams of bytes, files."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.streaming.files import FileContent
    from pyfly.web.streaming.mapping import sse_mapping
    from pyfly.web.streaming.types import ByteStream, EventStream, JsonLines, ServerSentEvent

__all__ = ["ByteStream", "EventStream", "FileContent", "JsonLines", "ServerSentEvent", "sse_mapping"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        **dict.fromkeys(
            ("ByteStream", "EventStream", "JsonLines", "ServerSentEvent"), "pyfly.web.streaming.types"
        ),
        "FileContent": "pyfly.web.streaming.files",
        "sse_mapping": "pyfly.web.streaming.mapping",
    },
)
