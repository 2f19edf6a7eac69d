"""Reading media types and ``Accept`` headers, in time that grows with their length and no faster."""

from typing import Final, NamedTuple

_MAX_RANGES: Final = 64
_TOKEN: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")


class MediaType(NamedTuple):
    """A media type or range without its parameters, in lower case."""

    type: str
    subtype: str

    def includes(self, other: "MediaType") -> bool:
        """Say whether this range covers *other*; ``application/*+json`` covers types with that suffix."""
        if self.type == "*":
            return True
        if self.type != other.type:
            return False
        if self.subtype in ("*", other.subtype):
            return True
        return self.subtype.startswith("*+") and other.subtype.endswith(self.subtype[1:])


class MediaRange(NamedTuple):
    """One element of an ``Accept`` header."""

    media_type: MediaType
    quality: float
    specificity: int


def parse_media_type(text: str) -> MediaType | None:
    """Return the media type at the start of *text*, or ``None`` if there is none."""
    kind, slash, subtype = text.partition(";")[0].strip().lower().partition("/")
    if not slash or not kind or not subtype or not _TOKEN.issuperset(kind) or not _TOKEN.issuperset(subtype):
        return None
    if kind == "*" and subtype != "*":
        return None
    return MediaType(kind, subtype)


def parse_accept(value: str) -> list[MediaRange]:
    """Return the ranges of an ``Accept`` header; malformed ones, and those after the 64th, are left out."""
    found: list[MediaRange] = []
    for element in _split(value, ","):
        made = _range(element)
        if made is not None:
            found.append(made)
        if len(found) == _MAX_RANGES:
            break
    return found


def quality_of(offer: MediaType, ranges: list[MediaRange]) -> float:
    """Return how much a client wants *offer*: the quality of the most specific range that covers it."""
    best, quality = -1, 0.0
    for item in ranges:
        if item.specificity > best and item.media_type.includes(offer):
            best, quality = item.specificity, item.quality
    return quality


def _range(element: str) -> MediaRange | None:
    media_type = parse_media_type(element)
    if media_type is None:
        return None
    quality, parameters = 1.0, 0
    for parameter in _split(element, ";", skip=1):
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "q":
            quality = _quality(given.strip())
            break
        parameters += 1
    return MediaRange(media_type, quality, _specificity(media_type) + min(parameters, 9))


def _specificity(media_type: MediaType) -> int:
    if media_type.type == "*":
        return 0
    if media_type.subtype == "*":
        return 10
    return 20 if media_type.subtype.startswith("*+") else 30


def _quality(text: str) -> float:
    # Not float() alone: it takes "inf", "1e9" and digits of other scripts.
    whole, _, fraction = text.partition(".")
    is_number = fraction == "" or (fraction.isascii() and fraction.isdigit() and len(fraction) <= 3)
    if whole not in ("0", "1") or not is_number:
        return 0.0
    quality = float(text)
    return quality if quality <= 1.0 else 0.0


def _split(value: str, separator: str, skip: int = 0) -> list[str]:
    """Return the parts of *value* between separators that are not inside quotes, without the first *skip*."""
    if '"' not in value:
        return value.split(separator)[skip:]
    parts: list[str] = []
    start, at = 0, 0
    while at < len(value):
        if value[at] == '"':
            at = _end_of_quotes(value, at)
        elif value[at] == separator:
            parts.append(value[start:at])
            start = at + 1
        at += 1
    return [*parts, value[start:]][skip:]


def _end_of_quotes(value: str, at: int) -> int:
    at += 1
    while at < len(value) and value[at] != '"':
        at += 2 if value[at] == "\\" else 1
    return at
