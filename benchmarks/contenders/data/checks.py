"""What a right answer is, the same for every contender."""

from collections.abc import Callable
from typing import Any

from benchmarks.contenders.data.model import BATCH, OWNER, PAGE, ROWS, WANTED


def check(row: str, call: Callable[[], Any]) -> None:
    """Fail unless the work gives what it should."""
    answer = call()
    match row.partition("_")[2]:
        case "find_by_id":
            assert (answer.id, answer.name) == (WANTED, f"name-{WANTED}"), "not the row"
        case "derived":
            assert {found.owner for found in answer} == {OWNER}, "not the owner's rows"
            assert len(answer) == PAGE, "not all of them"
        case "page":
            items, total = answer
            assert ([found.id for found in items], total) == ([*range(41, 61)], ROWS), "not the page"
        case "save":
            assert answer.id is not None, "not stored"
        case "batch":
            assert len({found.id for found in answer}) == BATCH, "not all stored"
