"""How much of a request is read, and the check of JSON that is nested too deeply."""

from array import array
from collections.abc import Callable
from itertools import accumulate
from typing import Final

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.kernel.record import Record

UNLIMITED: Final = 2**63 - 1

_BRACKETS: Final = b'[]{}"'
_OTHERS: Final = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_UP, _DOWN = b"\x01", b"\xff"  # as signed bytes: 1 and -1
_PRUNINGS: Final = 2  # each takes away at most two levels, and from a list of records nearly everything
_BEGINNING: Final = 4096
_STEPS: Final = bytes.maketrans(b"[{]}", _UP * 2 + _DOWN * 2)


class Limits(Record):
    """What a request may bring.

    Attributes:
        body: The size of a body in bytes; forms with files have limits of their own.
        json_depth: How deeply JSON may be nested.
        query_values: How many values a query string may have.
    """

    body: int
    json_depth: int = 64
    query_values: int = 1000


class NestedTooDeeply(InvalidRequestException):  # a kernel exception in a more specific form
    """A JSON body is nested too deeply (400)."""

    def __init__(self, limit: int) -> None:
        """Tell the *limit*."""
        super().__init__(f"The JSON is nested deeper than {limit} levels", code="JSON_TOO_DEEP")


def depth_check(limit: int) -> Callable[[bytes], None]:
    """Return the function that refuses JSON which is nested deeper than *limit*.

    A body with few brackets is let pass after counting them, which takes next to no time.
    """

    def check(body: bytes) -> None:
        if body.count(b"[") + body.count(b"{") <= limit:
            return
        # Most of what is too deep is so at once, and is not worth looking at all of it.
        if depth_of(body[:_BEGINNING], limit) > limit or depth_of(body, limit) > limit:
            raise NestedTooDeeply(limit)

    return check


def depth_of(body: bytes, precisely_above: int = 0) -> int:
    """Return how deeply *body*, a JSON text, is nested. Brackets inside of strings do not count.

    What is certainly not nested deeper than *precisely_above* may be said to be nested less than it is.
    """
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = b"".join(body.translate(None, _OTHERS).replace(b'""', b"").split(b'"')[::2])
    pruned = brackets
    for _ in range(_PRUNINGS):
        pruned = pruned.replace(b"{}", b"").replace(b"[]", b"")
    if len(pruned) // 2 + 2 * _PRUNINGS <= precisely_above:
        return len(pruned) // 2
    return max(accumulate(array("b", brackets.translate(_STEPS))), default=0)
