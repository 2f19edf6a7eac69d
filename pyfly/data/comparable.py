"""What a property can be compared with: databases differ in what they make of values of other types."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from uuid import UUID

_NUMBERS: Final = (int, float, Decimal)

COMPARABLE: Final[Mapping[type, tuple[type, ...]]] = {
    str: (str,),
    int: _NUMBERS,
    float: _NUMBERS,
    Decimal: _NUMBERS,
    datetime: (datetime,),
    date: (date,),
    time: (time,),
    UUID: (UUID,),
}
"""The types of values that properties of a type are compared with; of other types nothing is known."""


def comparable_with(hint: Any) -> tuple[type, ...]:
    """Return the types of values that a property annotated with *hint* can be compared with; none if nothing is known."""
    if get_origin(hint) is Annotated:
        return comparable_with(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        found = [comparable_with(each) for each in get_args(hint) if each is not NoneType]
        return tuple(one for each in found for one in each) if all(found) else ()
    return COMPARABLE.get(hint, ()) if isinstance(hint, type) else ()
