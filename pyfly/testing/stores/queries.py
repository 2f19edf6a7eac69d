"""The derived queries of the suite: a table of conditions, each with an oracle in plain Python."""

import inspect
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from pyfly.data.page import Cursor, Page, Slice
from pyfly.data.pageable import Pageable, Scroll

# name, price, note, sold
ROWS: tuple[tuple[str, int, str | None, bool], ...] = (
    ("apple", 1, "red", True),
    ("Apricot", 2, None, False),
    ("banana", 2, "yellow", True),
    ("100%", 5, "a_b", False),
    ("a_b", 3, "100%", True),
    ("cherry", 4, "red", False),
    ("Date", 5, None, True),
    ("elder\\berry", 7, "x", False),
    ("fig'; --", 7, "", True),
    ("grape", 9, "Red", False),
)


class Condition(NamedTuple):
    """A condition as it is written in a method's name, its arguments, and what it means."""

    text: str
    arguments: tuple[Any, ...]
    holds: Callable[[Any], bool]


def _condition(text: str, *arguments: Any, holds: Callable[[Any], bool]) -> Condition:
    return Condition(text, arguments, holds)


CONDITIONS = (
    _condition("name", "apple", holds=lambda i: i.name == "apple"),
    _condition("name", "APPLE", holds=lambda i: False),
    _condition("name", "fig'; --", holds=lambda i: i.name == "fig'; --"),
    _condition("name_is", "a_b", holds=lambda i: i.name == "a_b"),
    _condition("name_equals", "Date", holds=lambda i: i.name == "Date"),
    _condition("name_ignore_case", "APRICOT", holds=lambda i: i.name == "Apricot"),
    _condition("name_not", "apple", holds=lambda i: i.name != "apple"),
    _condition("name_is_not", "apple", holds=lambda i: i.name != "apple"),
    _condition("name_not_ignore_case", "APPLE", holds=lambda i: i.name != "apple"),
    _condition("note", None, holds=lambda i: i.note is None),
    _condition("note", "", holds=lambda i: i.note == ""),
    _condition("note_not", "red", holds=lambda i: i.note is not None and i.note != "red"),
    _condition("note_not", None, holds=lambda i: i.note is not None),
    _condition("note_is_null", holds=lambda i: i.note is None),
    _condition("note_null", holds=lambda i: i.note is None),
    _condition("note_is_not_null", holds=lambda i: i.note is not None),
    _condition("note_is_empty", holds=lambda i: i.note == ""),
    _condition("note_is_not_empty", holds=lambda i: bool(i.note)),
    _condition("note_ignore_case", "RED", holds=lambda i: (i.note or "").lower() == "red"),
    _condition("price", 2, holds=lambda i: i.price == 2),
    _condition("price_not", 2, holds=lambda i: i.price != 2),
    _condition("price_greater_than", 4, holds=lambda i: i.price > 4),
    _condition("price_is_greater_than", 8, holds=lambda i: i.price > 8),
    _condition("price_after", 4, holds=lambda i: i.price > 4),
    _condition("price_greater_than_equal", 5, holds=lambda i: i.price >= 5),
    _condition("price_less_than", 2, holds=lambda i: i.price < 2),
    _condition("price_before", 3, holds=lambda i: i.price < 3),
    _condition("price_less_than_equal", 2, holds=lambda i: i.price <= 2),
    _condition("price_between", 2, 5, holds=lambda i: 2 <= i.price <= 5),
    _condition("price_between", 5, 2, holds=lambda i: False),
    _condition("price_in", [1, 9, 77], holds=lambda i: i.price in (1, 9)),
    _condition("price_in", [], holds=lambda i: False),
    _condition("price_not_in", [1, 2, 5], holds=lambda i: i.price not in (1, 2, 5)),
    _condition("name_in", ["apple", "x"], holds=lambda i: i.name == "apple"),
    _condition("name_in_ignore_case", ["APPLE", "DATE"], holds=lambda i: i.name in ("apple", "Date")),
    _condition("name_like", "a%", holds=lambda i: i.name.startswith("a")),
    _condition("name_like", "a_b", holds=lambda i: i.name == "a_b"),
    _condition("name_like", "%an%", holds=lambda i: "an" in i.name),
    _condition("name_not_like", "%a%", holds=lambda i: "a" not in i.name),
    _condition("name_containing", "%", holds=lambda i: "%" in i.name),
    _condition("name_containing", "_", holds=lambda i: "_" in i.name),
    _condition("name_containing", "\\", holds=lambda i: "\\" in i.name),
    _condition("name_containing", "A", holds=lambda i: "A" in i.name),
    _condition("name_contains", "rr", holds=lambda i: "rr" in i.name),
    _condition("name_containing_ignore_case", "AP", holds=lambda i: "ap" in i.name.lower()),
    _condition("name_not_containing", "a", holds=lambda i: "a" not in i.name),
    _condition("name_starting_with", "a", holds=lambda i: i.name.startswith("a")),
    _condition("name_starts_with", "A", holds=lambda i: i.name.startswith("A")),
    _condition("name_starting_with_ignore_case", "A", holds=lambda i: i.name.lower().startswith("a")),
    _condition("name_ending_with", "%", holds=lambda i: i.name.endswith("%")),
    _condition("name_ends_with", "e", holds=lambda i: i.name.endswith("e")),
    _condition("sold", True, holds=lambda i: i.sold),
    _condition("sold_is_true", holds=lambda i: i.sold),
    _condition("sold_false", holds=lambda i: not i.sold),
    _condition("price_and_sold", 5, True, holds=lambda i: i.price == 5 and i.sold),
    _condition("price_or_note", 9, "red", holds=lambda i: i.price == 9 or i.note == "red"),
    _condition(
        "name_or_price_and_sold", "fig'; --", 5, True,
        holds=lambda i: i.name == "fig'; --" or (i.price == 5 and i.sold),
    ),
    _condition(
        "sold_is_true_and_price_greater_than_or_note_is_null", 6,
        holds=lambda i: (i.sold and i.price > 6) or i.note is None,
    ),
    _condition(
        "name_and_note_all_ignore_case", "GRAPE", "RED",
        holds=lambda i: i.name == "grape" and i.note == "Red",
    ),
)  # fmt: skip

ANSWERS: dict[str, Any] = {
    "find_by_{}_order_by_name": list[Any],
    "count_by_{}": int,
    "exists_by_{}": bool,
    "delete_by_{}": int,
    "find_top2_by_{}_order_by_price_desc_name": list[Any],
    "find_all_by_{}": Page[Any],
}


def method_name(pattern: str, condition: Condition) -> str:
    """Return the name of the method that asks *condition* in the form of *pattern*."""
    if condition.text.endswith("_all_ignore_case") and "order_by" in pattern:
        stem = condition.text.removesuffix("_all_ignore_case")
        return pattern.format(stem) + "_all_ignore_case"
    return pattern.format(condition.text)


def _stub(name: str, arguments: int, answer: Any) -> Callable[..., Any]:
    window = {Page[Any]: Pageable, Slice[Any]: Pageable, Cursor[Any]: Scroll}.get(answer)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    names = ["self", *(f"value{number}" for number in range(arguments)), *(["window"] if window else [])]

    async def query(self: Any) -> Any: ...

    def stream(self: Any) -> Any: ...

    function: Callable[..., Any] = stream if answer == AsyncIterator[Any] else query
    function.__name__ = name
    function.__annotations__ = {"return": answer, **({"window": window} if window else {})}
    signature = inspect.Signature([inspect.Parameter(each, kind) for each in names])
    setattr(function, "__signature__", signature)  # noqa: B010  # functions may have one; their type does not say so
    return function


def _queries() -> dict[str, Callable[..., Any]]:
    found = {
        name: _stub(name, len(condition.arguments), answer)
        for condition in CONDITIONS
        for pattern, answer in ANSWERS.items()
        if (name := method_name(pattern, condition))
    }
    others: dict[str, tuple[int, Any]] = {
        "find_by_price_and_name": (2, Any | None),
        "find_by_price_and_note": (2, Any | None),
        "find_first_by_price_order_by_name_desc": (1, Any | None),
        "find_top3_by_order_by_name": (0, list[Any]),
        "stream_by_price_greater_than": (1, AsyncIterator[Any]),
        "search_by_price_less_than": (1, Cursor[Any]),
        "get_by_price_less_than": (1, Slice[Any]),
    }
    return {**found, **{name: _stub(name, count, answer) for name, (count, answer) in others.items()}}


class ItemQueries:
    """The query methods of the suite: the base of the repository of items."""


for _name, _function in _queries().items():
    setattr(ItemQueries, _name, _function)
