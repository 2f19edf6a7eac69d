"""``Range`` headers (RFC 9110, section 14), read in linear time and with limits."""

from typing import Final, NamedTuple

_MAX_RANGES: Final = 16
_MAX_DIGITS: Final = 18


class ByteRange(NamedTuple):
    """Bytes from *start* up to and without *stop*."""

    start: int
    stop: int


class UnsatisfiableRangeError(Exception):
    """None of the requested ranges has a byte in common with the content."""


def parse_range(header: str, size: int) -> list[ByteRange] | None:
    """Return the parts of a content of *size* bytes that *header* asks for, or ``None`` for the whole.

    A header that is malformed, of another unit, or of more than 16 ranges is ignored, as the RFC allows. Ranges
    that touch or overlap become one.

    Raises:
        UnsatisfiableRangeError: The header is well-formed, and all ranges lie outside.
    """
    unit, equals, text = header.partition("=")
    if not equals or unit.strip().lower() != "bytes" or text.count(",") >= _MAX_RANGES:
        return None
    found: list[ByteRange] = []
    asked = False
    for element in text.split(","):
        if not element.strip():
            continue
        made = _parsed(element.strip(), size)
        if made is None:
            return None
        asked = True
        if made.start < made.stop:
            found.append(made)
    if not asked:
        return None
    if not found:
        raise UnsatisfiableRangeError
    return _merged(found)


def _parsed(element: str, size: int) -> ByteRange | None:
    first, dash, last = (part.strip() for part in element.partition("-"))
    if not dash or not (_is_number(first) or (not first and last)) or not (_is_number(last) or not last):
        return None
    if not first:
        return ByteRange(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    return ByteRange(int(first), min(int(last) + 1, size) if last else size)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def _merged(ranges: list[ByteRange]) -> list[ByteRange]:
    merged: list[ByteRange] = []
    for item in sorted(ranges):
        if merged and item.start <= merged[-1].stop:
            merged[-1] = ByteRange(merged[-1].start, max(item.stop, merged[-1].stop))
        else:
            merged.append(item)
    # In the order of the request unless something was joined: players ask for the index at the end first.
    return merged if len(merged) < len(ranges) else ranges
