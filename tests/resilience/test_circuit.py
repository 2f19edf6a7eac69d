"""The state machine by itself: each way from one state to the next, with the times given by hand."""

import pytest

from pyfly.resilience import CircuitState
from pyfly.resilience.circuit import Circuit, Generation, Limits, Verdict, windows

OPEN, CLOSED, HALF_OPEN = CircuitState.OPEN, CircuitState.CLOSED, CircuitState.HALF_OPEN
SUCCESS, FAILURE, NEITHER = Verdict.SUCCESS, Verdict.FAILURE, Verdict.NEITHER


def make(permitted: int = 1) -> Circuit:
    limits = Limits(
        failures=2,
        failure_rate=None,
        slow_rate=1.0,
        min_calls=0,
        recovery=30.0,
        permitted=permitted,
        patience=10.0,
        new_window=lambda: None,
    )
    return Circuit(limits, 0.0)


def admitted(circuit: Circuit, now: float) -> Generation:
    generation = circuit.admit(now)
    assert generation is not None
    return generation


def opened(permitted: int = 1) -> Circuit:
    circuit = make(permitted)
    for _ in range(2):
        circuit.count(admitted(circuit, 0.0), FAILURE, 0.0, slow=False)
    return circuit


def test_it_opens_half_opens_and_closes_and_remembers_each_change_until_somebody_is_told() -> None:
    circuit = opened()
    assert (circuit.admit(29.9), circuit.again_in(29.0)) == (None, 1.0)
    assert circuit.state(30.0) is HALF_OPEN
    circuit.count(admitted(circuit, 30.0), SUCCESS, 31.0, slow=False)
    assert circuit.changes == [(CLOSED, OPEN), (OPEN, HALF_OPEN), (HALF_OPEN, CLOSED)]
    assert circuit.closed is circuit.current


@pytest.mark.parametrize(
    ("verdict", "slow", "state"),
    [(SUCCESS, False, CLOSED), (SUCCESS, True, OPEN), (FAILURE, False, OPEN), (NEITHER, False, HALF_OPEN)],
    ids=["good", "slow", "bad", "neither"],
)
def test_a_trial_decides_unless_it_says_nothing(verdict: Verdict, slow: bool, state: CircuitState) -> None:
    circuit = opened()
    trial = admitted(circuit, 30.0)
    assert circuit.admit(30.0) is None
    circuit.count(trial, verdict, 31.0, slow=slow)
    assert circuit.state(31.0) is state
    assert (circuit.admit(31.0) is None) is (state is OPEN)


def test_what_an_older_generation_says_is_not_heard() -> None:
    circuit = opened(permitted=2)
    stale = admitted(circuit, 30.0)
    circuit.count(admitted(circuit, 30.0), FAILURE, 31.0, slow=False)
    circuit.count(stale, SUCCESS, 32.0, slow=False)
    circuit.count(stale, FAILURE, 32.0, slow=False)
    assert circuit.state(32.0) is OPEN
    assert len(circuit.changes) == 3


def test_trials_that_do_not_come_back_end_the_stay() -> None:
    circuit = opened()
    admitted(circuit, 30.0)
    assert circuit.admit(39.9) is None
    assert circuit.state(39.9) is HALF_OPEN
    assert circuit.admit(40.0) is None
    assert circuit.state(40.0) is OPEN


def test_a_window_is_a_number_of_calls_or_a_period() -> None:
    for window, least in ((None, 0), (5, 5), ("5", 5), ("10s", 10)):
        new_window, enough = windows(window, None)
        assert (new_window() is None) is (window is None)
        assert enough == least
    with pytest.raises(ValueError, match="window"):
        windows("0s", None)
