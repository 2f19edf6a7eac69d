"""Durations and sizes as people write them: ``30s``, ``1h30m``, ``PT30S``, ``10MB``."""

import re
from datetime import timedelta
from typing import Any, Final, Self

_SECONDS: Final = {
    "us": 0.000001,
    "ms": 0.001,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86_400,
    "w": 604_800,
}
_PART: Final = r"(\d+(?:\.\d+)?)\s*(us|ms|s|m|h|d|w)"
_PARTS: Final = re.compile(_PART, re.IGNORECASE)
_DURATION: Final = re.compile(rf"(?:{_PART}\s*)+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_ISO: Final = re.compile(
    r"P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE
)
_ISO_SECONDS: Final = (604_800, 86_400, 3600, 60, 1)
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)
_FACTORS: Final = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}

DURATION_EXPECTED: Final = "a duration such as 500ms, 30s, 2m, 1h30m or PT30S (a bare number is seconds)"
SIZE_EXPECTED: Final = "a size such as 10KB, 5MB or 1GB (a bare number is bytes)"


def parse_duration(value: object) -> timedelta:
    """Return *value* as a duration; a bare number is seconds.

    Raises:
        ValueError: It is not a duration, or a negative one.
    """
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if isinstance(value, bool) or not text:
        raise ValueError(DURATION_EXPECTED)
    try:
        if _NUMBER.fullmatch(text):
            return timedelta(seconds=float(text))
        if _DURATION.fullmatch(text):
            return timedelta(seconds=sum(float(n) * _SECONDS[u.lower()] for n, u in _PARTS.findall(text)))
        if iso := _ISO.fullmatch(text):
            return timedelta(
                seconds=sum(float(n or 0) * f for n, f in zip(iso.groups(), _ISO_SECONDS, strict=True))
            )
    except OverflowError:
        raise ValueError("a duration below 999,999,999 days") from None
    raise ValueError(DURATION_EXPECTED)


class DataSize(int):
    """A number of bytes, also made from ``"10MB"``; a kilobyte is 1,024 bytes."""

    def __new__(cls, value: "str | float" = 0) -> Self:
        """Make a size of a number of bytes or a text with a unit."""
        return super().__new__(cls, _bytes(value))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Let pydantic models have fields of this type."""
        from pydantic_core import core_schema  # only reached from within pydantic

        return core_schema.no_info_plain_validator_function(
            cls, serialization=core_schema.plain_serializer_function_ser_schema(int)
        )


def _bytes(value: object) -> int:
    match = _SIZE.fullmatch(str(value).strip())
    if match is None or isinstance(value, bool):
        raise ValueError(SIZE_EXPECTED)
    size = float(match[1]) * _FACTORS[match[2].lower()]
    return int(match[1]) * _FACTORS[match[2].lower()] if match[1].isdigit() else int(size)
