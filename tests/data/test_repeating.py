from dataclasses import dataclass
from datetime import timedelta

import pytest
from pydantic import BaseModel

from pyfly.data.exceptions import TransactionConflictError
from pyfly.data.repeating import Repeatable, Repeating
from pyfly.kernel.exceptions import DataIntegrityException
from pyfly.kernel.record import Record

REPEATING = Repeating(3, timedelta(milliseconds=50), lambda argument: argument == "entity")


def test_conflicts_are_repeatable_and_nothing_else_is() -> None:
    assert REPEATING.is_repeatable(TransactionConflictError("conflict"), ())
    assert not REPEATING.is_repeatable(DataIntegrityException("unique"), ())


@dataclass
class Command:
    of: object


class Value(Record):
    of: object


class Model(BaseModel):
    of: object


@pytest.mark.parametrize(
    "argument",
    [
        *("entity", ["entity"], ("x", ["entity"]), {"entity"}, {"key": ["entity"]}),
        *(Command("entity"), Value({"key": "entity"}), Model(of=Command("entity"))),
    ],
    ids=str,
)
def test_a_unit_that_was_handed_an_entity_is_not_repeated(argument: object) -> None:
    assert not REPEATING.is_repeatable(TransactionConflictError("conflict"), ("x", argument))


def test_pauses_grow_at_most_twofold_with_each_attempt() -> None:
    for attempt in range(1, 6):
        assert 0 <= REPEATING.pause_after(attempt) <= 0.05 * 2 ** (attempt - 1)


def test_failures_of_kinds_that_are_left_out_are_not_repeated() -> None:
    never = Repeating(3, timedelta(milliseconds=50), lambda _: False, (Repeatable.CONNECTION,))
    assert not never.is_repeatable(TransactionConflictError("conflict"), ())


def test_what_refers_to_itself_is_searched_once() -> None:
    ring = Command(None)
    ring.of = [ring]
    assert REPEATING.is_repeatable(TransactionConflictError("conflict"), (ring,))
