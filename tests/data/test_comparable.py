from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Optional
from uuid import UUID

import pytest

from pyfly.data.comparable import comparable_with

NUMBERS = (int, float, Decimal)


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("hint", "accepted"),
    [
        (str, (str,)),
        (int, NUMBERS),
        (Decimal, NUMBERS),
        (date, (date,)),
        (datetime, (datetime,)),
        (UUID | None, (UUID,)),
        (Optional[str], (str,)),  # noqa: UP045  # both spellings
        (Annotated[str, "of twenty characters"], (str,)),
        (Optional[Annotated[str, "of twenty characters"]], (str,)),  # noqa: UP045
        (list[Annotated[str, {}]], ()),  # what cannot be hashed may stand anywhere
        (int | str, (*NUMBERS, str)),
        (str | Colour, ()),
        (Colour, ()),
        (list[str], ()),
        (bool, ()),
        (Any, ()),
    ],
    ids=str,
)
def test_a_property_is_compared_with_values_of_its_types(hint: Any, accepted: tuple[type, ...]) -> None:
    assert comparable_with(hint) == accepted
