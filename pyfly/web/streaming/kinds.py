"""Which kind of stream a handler returns, read from its annotation at start-up."""

from collections.abc import Sequence
from typing import Any, TypeVar, get_args, get_origin

from pyfly.container.types import MISSING
from pyfly.web.ports.streams import EVENT_STREAM, JSON_LINES, StreamPlan
from pyfly.web.streaming.types import OCTETS, PLAIN_TEXT, ServerSentEvent, StreamedContent


def stream_of(declared: Any, produces: Sequence[str] = ()) -> StreamPlan:
    """Return the plan of a stream that is annotated as *declared* and mapped as *produces*."""
    item = _item_of(declared)
    payload = item
    origin = get_origin(item) or item
    is_event = isinstance(origin, type) and issubclass(origin, ServerSentEvent)
    if is_event:
        payload = (get_args(item) or (Any,))[0]
    return StreamPlan(_media_type(declared, item, produces, is_event=is_event), item, payload)


def _item_of(declared: Any) -> Any:
    if declared is MISSING:
        return Any
    arguments = get_args(declared)
    if not arguments:
        origin = declared if isinstance(declared, type) else None
        bases = getattr(origin, "__orig_bases__", ())
        arguments = next((get_args(base) for base in bases if get_args(base)), ())
    found = arguments[0] if arguments else Any
    return Any if isinstance(found, TypeVar) else found


def _media_type(declared: Any, item: Any, produces: Sequence[str], *, is_event: bool) -> str:
    if produces:
        return produces[0]
    cls = get_origin(declared) or declared
    if isinstance(cls, type) and issubclass(cls, StreamedContent) and cls is not StreamedContent:
        return cls.stream_media_type
    if is_event:
        return EVENT_STREAM
    if item is bytes:
        return OCTETS
    return PLAIN_TEXT if item is str else JSON_LINES
