"""From the items of a stream to bytes."""

from collections.abc import Callable
from typing import Any, Final

from pyfly.web.ports.streams import StreamPlan
from pyfly.web.streaming.types import ServerSentEvent

Dump = Callable[[Any], bytes]

HEARTBEAT: Final = b":\n\n"


def encoder_of(plan: StreamPlan, dump: Dump) -> Callable[[Any], bytes]:
    """Return the function that writes one item; *dump* writes values as JSON."""
    if plan.is_events:
        return _event_encoder(dump)
    if plan.is_lines:
        return lambda item: dump(item) + b"\n"
    return _raw


def encode_event(event: ServerSentEvent[Any], dump: Dump) -> bytes:
    """Return *event* as the HTML standard describes it.

    Raises:
        ValueError: Its id or type contains a line break, which would end the field early.
    """
    lines: list[bytes] = []
    if event.comment is not None:
        lines += [b": " + line for line in _lines(event.comment.encode())]
    if event.event is not None:
        lines.append(b"event: " + _single("event", event.event))
    if event.id is not None:
        lines.append(b"id: " + _single("id", event.id))
    if event.retry is not None:
        lines.append(b"retry: %d" % (event.retry.total_seconds() * 1000))
    if event.data is not None:
        lines += [b"data: " + line for line in _lines(_data(event.data, dump))]
    return b"\n".join([*lines, b"", b""])


def _event_encoder(dump: Dump) -> Callable[[Any], bytes]:
    def encode(item: Any) -> bytes:
        if isinstance(item, ServerSentEvent):
            return encode_event(item, dump)
        return b"".join([*(b"data: " + line + b"\n" for line in _lines(_data(item, dump))), b"\n"])

    return encode


def _data(value: Any, dump: Dump) -> bytes:
    return value.encode() if isinstance(value, str) else dump(value)


def _lines(text: bytes) -> list[bytes]:
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text.split(b"\n")


def _single(name: str, value: str) -> bytes:
    if "\n" in value or "\r" in value or "\0" in value:
        raise ValueError(f"the {name} of a server-sent event contains a line break or NUL")
    return value.encode()


def _raw(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode()
    if isinstance(item, bytes | bytearray | memoryview):
        return bytes(item)
    raise TypeError(f"a stream of bytes or text yielded {type(item).__name__}")
