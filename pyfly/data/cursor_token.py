"""The opaque tokens of cursors: where in an order a reader stands."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from pyfly.data.pageable import Sort
from pyfly.kernel.exceptions import InvalidRequestException

_PLAIN = (str, int, float, bool, type(None))
_READERS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": UUID,
    "bytes": bytes.fromhex,
}
_LONGEST = 4096


def written(values: Sequence[Any], sort: Sort) -> str:
    """Return the token for the position of an item whose key has *values* in the order of *sort*.

    Raises:
        TypeError: A value is of a type that has no place in a token.
    """
    text = json.dumps([_order(sort), [_packed(value) for value in values]], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read(token: str, sort: Sort, types: Sequence[type | None]) -> list[Any]:
    """Return the values of *token*, which are of the *types* of the key's properties.

    Raises:
        InvalidRequestException: The token is none of ours, or one for another order.
    """
    try:
        if len(token) > _LONGEST:
            raise _refused()
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        order, packed = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        values = [_unpacked(value) for value in packed]
    except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError, binascii.Error):
        raise _refused() from None
    if order != _order(sort):
        raise InvalidRequestException("The cursor belongs to another order", "INVALID_CURSOR")
    if len(values) != len(types) or not all(map(_fits, values, types)):
        raise _refused()
    return values


def _refused() -> InvalidRequestException:
    return InvalidRequestException("The cursor is not valid", "INVALID_CURSOR")


def _order(sort: Sort) -> str:
    return ",".join(f"{'-' if order.direction == 'desc' else ''}{order.property}" for order in sort.orders)


def _packed(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    kind = type(value).__name__
    if kind not in _READERS:
        raise TypeError(f"A cursor cannot hold a {kind}: sort by another property")
    if isinstance(value, bytes):
        return {kind: value.hex()}
    return {kind: value.isoformat() if hasattr(value, "isoformat") else str(value)}


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _READERS[kind](text)
    if not isinstance(value, _PLAIN):
        raise TypeError
    return value


def _fits(value: Any, kind: type | None) -> bool:
    if value is None or kind is None:
        return True
    if kind is int:
        return type(value) is int and abs(value) < 2**63
    if kind in (float, Decimal):
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if kind is str:
        return isinstance(value, str) and "\x00" not in value
    return isinstance(value, kind)
