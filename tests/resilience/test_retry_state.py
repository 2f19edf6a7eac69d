"""Where a retried call stands, as a strategy sees it."""

import pytest

from pyfly.resilience import Retry, RetryState
from pyfly.testing import TestClock


def test_a_strategy_sees_how_often_and_how_long_it_has_been_tried_and_why_it_failed() -> None:
    clock, seen = TestClock(), []

    def wait(state: RetryState) -> float:
        outcome = state.outcome
        seen.append((state.attempt_number, state.seconds_since_start, state.idle_for, outcome.failed))
        assert isinstance(outcome.exception(), OSError)
        return 2.0

    def call() -> None:
        raise OSError

    with pytest.raises(OSError):
        Retry(3, wait=wait, clock=clock, pause=clock.advance).call_sync(call)
    assert seen == [(1, 0.0, 0.0, True), (2, 2.0, 2.0, True), (3, 4.0, 4.0, True)]
