import sys
from dataclasses import FrozenInstanceError

import pytest

from pyfly.data import Order, Pageable, Sort


def test_pages_are_numbered_from_one() -> None:
    assert Pageable.of(1, 20).offset == 0
    assert Pageable.of(3, 20).offset == 40


@pytest.mark.parametrize(
    ("page", "size", "message"), [(0, 20, "page must be >= 1"), (1, 0, "size must be >= 1")]
)
def test_a_page_or_size_below_one_is_refused(page: int, size: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Pageable.of(page, size)


def test_an_unpaged_request_asks_for_everything() -> None:
    unpaged = Pageable.unpaged()
    assert (unpaged.page, unpaged.size, unpaged.is_paged) == (1, sys.maxsize, False)


def test_moving_between_pages_keeps_the_sort() -> None:
    pageable = Pageable.of(1, 5, Sort.by("name"))
    assert pageable.next() == Pageable.of(2, 5, Sort.by("name"))
    assert pageable.next().sort is pageable.sort
    assert pageable.next().previous() == pageable


def test_the_page_before_the_first_is_the_first() -> None:
    assert Pageable.of(1, 5).previous().page == 1


def test_sorts_are_joined_most_significant_first() -> None:
    joined = Sort.by("city").and_then(Sort.by("name").descending())
    assert joined.orders == (Order.asc("city"), Order.desc("name"))
    assert joined.ascending() == Sort.by("city", "name")


def test_a_request_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Pageable.of(1, 5).page = 2  # type: ignore[misc]
