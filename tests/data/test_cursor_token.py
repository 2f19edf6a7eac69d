from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.data import Sort
from pyfly.data.cursor_token import read, written
from pyfly.kernel.exceptions import InvalidRequestException

BY_NAME = Sort.by("name")


@pytest.mark.parametrize(
    "value",
    ["ä'; --", 5, -1.5, True, None, datetime(2026, 1, 2, 3, tzinfo=UTC), date(2026, 1, 2), Decimal("1.10"), UUID(int=7), b"\0"],
    ids=repr,
)  # fmt: skip
def test_a_position_is_read_as_it_was_written(value: object) -> None:
    assert read(written([value], BY_NAME), BY_NAME, [None if value is None else type(value)]) == [value]


@given(st.text(max_size=60))
def test_any_other_text_is_a_bad_request(text: str) -> None:
    with pytest.raises(InvalidRequestException):
        read(text, BY_NAME, [str])


@pytest.mark.parametrize("values", [[5], ["a", "b"], [], [2**70], [True]])
def test_values_of_other_types_are_a_bad_request(values: list[object]) -> None:
    kind = int if values in ([2**70], [True]) else str
    with pytest.raises(InvalidRequestException):
        read(written(values, BY_NAME), BY_NAME, [kind])


def test_what_has_no_place_in_a_token_is_refused_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="sort by another property"):
        written([object()], BY_NAME)
