"""The representations that one route can write."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from pyfly.kernel.diagnosis import Diagnosis, diagnose
from pyfly.web.negotiation.media_types import parse_media_type
from pyfly.web.ports.messages import HttpMessageConverter, Writer

JSON: Final = "application/json"

_TEXTS: Final = (str, bytes)


class Offer(NamedTuple):
    """One representation: its media type, who writes it, and whether that is the built-in JSON writer."""

    media_type: str
    write: Writer
    built_in_json: bool = False


class NoWriterError(Exception):
    """A mapping promises a media type that nobody can write."""

    def __init__(self, media_type: str, annotation: object) -> None:
        """Name the media type and the type of the result."""
        self.media_type = media_type
        self.annotation = getattr(annotation, "__name__", str(annotation))
        self.place = ""
        super().__init__(f"nothing writes {self.annotation} as {media_type}")


@diagnose.register
def _explain(failure: NoWriterError) -> Diagnosis:
    return Diagnosis(
        what=f"{failure.place or 'A mapping'} promises {failure.media_type}, and {failure}.",
        fix=(
            f"Register an HttpMessageConverter for {failure.media_type} whose writer() takes {failure.annotation}.",
            "Or return str or bytes, which are sent as they are.",
        ),
    )


def offers_of(
    produces: Sequence[str],
    annotation: Any,
    json: Writer | None,
    converters: Sequence[HttpMessageConverter],
    *,
    untyped: bool = False,
) -> list[Offer]:
    """Return what a route offers: what its mapping says, or JSON and what converters make of its type.

    Args:
        produces: The media types that the mapping names.
        annotation: The type of the result.
        json: Writes the result as JSON; ``None`` if only a converter can write it.
        converters: Who else writes, the preferred one first.
        untyped: Whether the type of the result is not known, so that it may turn out to be text or bytes.

    Raises:
        NoWriterError: Nobody writes a media type that the mapping names.
    """
    own = _writers(annotation, converters)
    if not produces:
        named = [Offer(JSON, json, built_in_json=True)] if json is not None and JSON not in own else []
        return [*named, *(Offer(name, write) for name, write in own.items())]
    as_is = untyped or annotation in _TEXTS
    return [_offer(name, own.get(bare(name)), annotation, json, as_is=as_is) for name in produces]


def bare(media_type: str) -> str:
    """Return *media_type* without parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Say whether *media_type* is JSON, or a format that is written as JSON."""
    name = bare(media_type)
    return name == JSON or name.endswith("+json")


def write_text(value: Any) -> bytes:
    """Return text or bytes as they are.

    Raises:
        TypeError: *value* is something else.
    """
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise TypeError(f"a handler returned {type(value).__name__} where its mapping promises text or bytes")


def _writers(annotation: Any, converters: Sequence[HttpMessageConverter]) -> dict[str, Writer]:
    found: dict[str, Writer] = {}
    for converter in converters:
        write = converter.writer(annotation)
        if write is not None:
            for name in converter.media_types:
                found.setdefault(bare(name), write)
    return found


def _offer(
    media_type: str, own: Writer | None, annotation: Any, json: Writer | None, *, as_is: bool
) -> Offer:
    if own is not None:
        return Offer(media_type, own)
    if is_json(media_type):
        if json is not None:
            return Offer(media_type, json, built_in_json=True)
    elif parse_media_type(media_type) is not None and as_is:
        return Offer(media_type, write_text)
    raise NoWriterError(media_type, annotation)
