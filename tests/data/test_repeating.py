from datetime import timedelta

import pytest

from pyfly.data.exceptions import TransactionConflictError
from pyfly.data.repeating import Repeatable, Repeating
from pyfly.kernel.exceptions import DataIntegrityException

REPEATING = Repeating(3, timedelta(milliseconds=50), lambda argument: argument == "entity")


def test_conflicts_are_repeatable_and_nothing_else_is() -> None:
    assert REPEATING.is_repeatable(TransactionConflictError("conflict"), ())
    assert not REPEATING.is_repeatable(DataIntegrityException("unique"), ())


@pytest.mark.parametrize("argument", ["entity", ["entity"], ("x", ["entity"]), {"entity"}], ids=str)
def test_a_unit_that_was_handed_an_entity_is_not_repeated(argument: object) -> None:
    assert not REPEATING.is_repeatable(TransactionConflictError("conflict"), ("x", argument))


def test_pauses_grow_at_most_twofold_with_each_attempt() -> None:
    for attempt in range(1, 6):
        assert 0 <= REPEATING.pause_after(attempt) <= 0.05 * 2 ** (attempt - 1)


def test_failures_of_kinds_that_are_left_out_are_not_repeated() -> None:
    never = Repeating(3, timedelta(milliseconds=50), lambda _: False, (Repeatable.CONNECTION,))
    assert not never.is_repeatable(TransactionConflictError("conflict"), ())
