import pytest

from pyfly.data import Page, Slice


@pytest.mark.parametrize(
    ("total", "size", "pages"), [(0, 20, 0), (1, 20, 1), (20, 20, 1), (21, 20, 2), (5, 1, 5), (3, 0, 0)]
)
def test_a_page_knows_how_many_pages_there_are(total: int, size: int, pages: int) -> None:
    assert Page([], total, 1, size).total_pages == pages


def test_only_the_last_page_has_no_next() -> None:
    assert Page(["a"], 3, 2, 1).has_next
    assert not Page(["a"], 3, 3, 1).has_next


def test_only_the_first_page_has_no_previous() -> None:
    assert not Page(["a"], 3, 1, 1).has_previous
    assert Page(["a"], 3, 2, 1).has_previous


def test_mapping_a_page_keeps_its_place_in_the_whole() -> None:
    assert Page([1, 2], 9, 3, 2).map(str) == Page(["1", "2"], 9, 3, 2)


def test_mapping_a_slice_keeps_whether_more_follows() -> None:
    assert Slice([1], 2, 1, True).map(str) == Slice(["1"], 2, 1, True)
    assert Slice([1], 2, 1, True).has_previous


@pytest.mark.parametrize(
    ("page", "is_first", "is_last", "is_empty", "number"),
    [
        (Page(["a", "b"], 3, 1, 2), True, False, False, 2),
        (Page(["c"], 3, 2, 2), False, True, False, 1),
        (Page(["a"], 1, 1, 2), True, True, False, 1),
        (Page([], 0, 1, 2), True, True, True, 0),
        (Page([], 3, 9, 2), False, True, True, 0),
    ],
    ids=["first", "last", "only", "none", "beyond the end"],
)
def test_a_page_knows_its_place_and_how_many_items_it_has(
    page: Page[str], is_first: bool, is_last: bool, is_empty: bool, number: int
) -> None:
    assert (page.is_first, page.is_last, page.is_empty) == (is_first, is_last, is_empty)
    assert page.number_of_elements == number
