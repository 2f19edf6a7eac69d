"""What is said about repositories whose methods contradict themselves or their entity."""

# mypy: disable-error-code=empty-body

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from pyfly.data import Page, Pageable, Sort
from pyfly.data.relational.sqlalchemy import Repository
from pyfly.data.relational.sqlalchemy.derived import invalid_methods
from pyfly.kernel.diagnosis import explain
from tests.data.relational.sqlalchemy.conftest import StockItem, StockItems


def failures(cls: type) -> list[str]:
    return [str(failure) for failure in invalid_methods(cls)]


def test_a_sound_repository_has_nothing_to_report() -> None:
    assert failures(StockItems) == []


def test_a_misspelt_property_is_reported_with_the_name_that_was_meant() -> None:
    class Misspelt(Repository[StockItem, int]):
        async def find_by_nmae(self, name: str) -> list[StockItem]: ...

    [failure] = invalid_methods(Misspelt)
    diagnosis = explain(failure)
    assert diagnosis is not None
    assert diagnosis.what.startswith(
        "Misspelt.find_by_nmae (tests/data/relational/sqlalchemy/test_signatures.py:"
    )
    assert "StockItem has no property 'nmae'" in diagnosis.why[0]
    assert diagnosis.fix == ("Did you mean 'find_by_name'?",)


class Stock(Repository[StockItem, int]):
    pass


async def _lists(self: Any, value: str) -> list[StockItem]: ...
async def _too_few(self: Any) -> list[StockItem]: ...
async def _not_an_answer(self: Any, name: str) -> dict[str, int]: ...
async def _page_without_pageable(self: Any, name: str) -> Page[StockItem]: ...
async def _pageable_without_page(self: Any, name: str, page: Pageable) -> list[StockItem]: ...
async def _sorted_single(self: Any, name: str, sort: Sort) -> StockItem | None: ...
async def _counts_text(self: Any, name: str) -> str: ...
async def _stream(self: Any, name: str) -> AsyncIterator[StockItem]: ...
async def _any_number(self: Any, *names: str) -> list[StockItem]: ...
def _not_async(self: Any, name: str) -> list[StockItem]: ...


@pytest.mark.parametrize(
    ("name", "method", "reason"),
    [
        ("find_by_name", _too_few, "asks for 1 argument (name), but it takes 0"),
        ("find_by_name", _not_an_answer, "it cannot answer dict"),
        ("find_by_name", _stream, "write 'def' instead of 'async def'"),
        ("find_by_name", _page_without_pageable, "it needs a parameter of type Pageable"),
        ("find_by_name", _pageable_without_page, "it must answer Page[T] or Slice[T]"),
        ("find_by_name", _sorted_single, "it must answer a list"),
        ("count_by_name", _counts_text, "it answers int, but is annotated with str"),
        ("find_by_name", _not_async, "it is not async"),
        ("find_by_name", _any_number, "*args"),
        ("find_by_price_containing", _lists, "'price' is not text"),
        ("find_by_category_id_order_by_category_title", _lists, "has no property"),
        ("fetch_by_name", _counts_text, "'fetch_by_name' is no derived query"),
    ],
)
def test_a_name_and_signature_that_contradict_each_other_are_reported(
    name: str, method: Callable[..., Any], reason: str
) -> None:
    cls = type("Wrong", (Stock,), {name: method})
    [failure] = invalid_methods(cls)
    diagnosis = explain(failure)
    assert diagnosis is not None
    assert reason in " ".join((diagnosis.what, *diagnosis.why))


def test_an_entity_that_is_not_mapped_is_reported() -> None:
    class Plain:
        pass

    class Plains(Repository[Plain, int]):
        pass

    assert "not a mapped entity" in failures(Plains)[0]


def test_a_repository_that_names_no_entity_is_reported() -> None:
    assert "does not say which entity" in failures(type("Open", (Repository,), {}))[0]


def test_stubs_of_a_base_class_are_checked_too() -> None:
    class Shared(Repository[StockItem, int]):
        async def find_by_colour(self, colour: str) -> list[StockItem]: ...

    class Derived(Shared):
        pass

    assert "Derived.find_by_colour" in failures(Derived)[0]
