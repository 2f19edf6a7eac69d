"""The circuit breaker: when it opens, whom it lets try, and that nothing keeps it stuck."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pyfly.kernel.exceptions import CircuitBreakerException
from pyfly.resilience import CircuitBreaker, CircuitState, EventType, ResilienceEvent, circuit_breaker
from pyfly.resilience.circuit import Generation
from pyfly.testing import TestClock

CLOSED, OPEN, HALF_OPEN = CircuitState.CLOSED, CircuitState.OPEN, CircuitState.HALF_OPEN
Make = Callable[..., CircuitBreaker]


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def make(clock: TestClock) -> Make:
    def make(*args: Any, **settings_: Any) -> CircuitBreaker:
        return CircuitBreaker(*args, clock=clock, **settings_)

    return make


def fail(breaker: CircuitBreaker, times: int = 1, error: Exception | None = None) -> None:
    def failing() -> None:
        raise error or OSError("down")

    for _ in range(times):
        with pytest.raises(type(error or OSError())):
            breaker.call_sync(failing)


def succeed(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        assert breaker.call_sync(lambda: 1) == 1


def test_failures_in_a_row_open_it_and_a_success_between_them_does_not(make: Make) -> None:
    breaker = make(3)
    fail(breaker, 2)
    succeed(breaker)
    fail(breaker, 2)
    assert breaker.state is CLOSED
    fail(breaker)
    assert breaker.state is OPEN


def test_an_open_one_refuses_calls_and_says_when_to_come_back(make: Make, clock: TestClock) -> None:
    breaker = make(1, timedelta(seconds=30), name="pay")
    fail(breaker)
    clock.advance(10)
    with pytest.raises(CircuitBreakerException) as refused:
        breaker.call_sync(pytest.fail)
    assert str(refused.value) == "Circuit breaker is open"
    assert refused.value.context == {"policy": "pay", "retry_after": 20.0}


def test_after_the_recovery_time_it_reads_as_half_open_and_one_good_call_closes_it(
    make: Make, clock: TestClock
) -> None:
    breaker = make(1, "30s")
    fail(breaker)
    clock.advance(30)
    assert breaker.state is HALF_OPEN
    succeed(breaker)
    assert breaker.state is CLOSED


def test_one_failed_probe_opens_it_again_for_the_whole_time(make: Make, clock: TestClock) -> None:
    breaker = make(1, "30s", permitted_half_open=3)
    fail(breaker)
    clock.advance(30)
    succeed(breaker)
    fail(breaker)
    clock.advance(29)
    assert breaker.state is OPEN
    clock.advance(1)
    succeed(breaker, 3)
    assert breaker.state is CLOSED


async def test_of_a_hundred_tasks_only_the_permitted_ones_try_the_target(
    make: Make, clock: TestClock
) -> None:
    breaker = make(1, "30s", permitted_half_open=3)
    fail(breaker)
    clock.advance(30)
    probes = 0

    @circuit_breaker(breaker)
    async def probe() -> None:
        nonlocal probes
        probes += 1
        await asyncio.sleep(0.001)

    results = await asyncio.gather(*(probe() for _ in range(100)), return_exceptions=True)
    assert probes == 3
    assert sum(isinstance(each, CircuitBreakerException) for each in results) == 97
    assert breaker.state is CLOSED


def test_of_a_hundred_threads_only_the_permitted_ones_try_the_target(make: Make, clock: TestClock) -> None:
    breaker = make(1, "30s", permitted_half_open=3)
    fail(breaker)
    clock.advance(30)
    barrier = Barrier(100)

    def enter(_: int) -> Generation | None:
        barrier.wait()
        try:
            return breaker.enter()
        except CircuitBreakerException:
            return None

    with ThreadPoolExecutor(100) as pool:
        entered = [each for each in pool.map(enter, range(100)) if each is not None]
    assert len(entered) == 3


def test_probes_that_never_come_back_open_it_again_and_their_late_results_are_ignored(
    make: Make, clock: TestClock
) -> None:
    breaker = make(1, "30s", max_half_open_wait="5s")
    fail(breaker)
    clock.advance(30)
    lost = breaker.enter()
    with pytest.raises(CircuitBreakerException):
        breaker.enter()
    clock.advance(5)
    with pytest.raises(CircuitBreakerException):
        breaker.enter()
    assert breaker.state is OPEN
    breaker.leave(lost)
    assert breaker.state is OPEN
    clock.advance(30)
    succeed(breaker)
    assert breaker.state is CLOSED
    breaker.leave(lost, OSError("late"))
    assert breaker.snapshot()["failures"] == 0


async def test_a_cancelled_probe_gives_its_permit_back(make: Make, clock: TestClock) -> None:
    breaker = make(1, "30s")
    fail(breaker)
    clock.advance(30)
    probe = asyncio.ensure_future(breaker.call(asyncio.Event().wait))
    await asyncio.sleep(0)
    with pytest.raises(CircuitBreakerException):
        breaker.enter()
    probe.cancel()
    await asyncio.wait({probe})
    succeed(breaker)
    assert breaker.state is CLOSED


async def test_cancelled_calls_count_as_failures_where_that_is_asked_for(make: Make) -> None:
    breaker = make(1, count_cancelled=True)
    call = asyncio.ensure_future(breaker.call(asyncio.Event().wait))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.wait({call})
    assert breaker.state is OPEN


def test_ignored_failures_count_neither_way_and_others_than_the_listed_are_successes(make: Make) -> None:
    breaker = make(2, ignore=(KeyError,), failure_on=(OSError, KeyError))
    fail(breaker)
    fail(breaker, 5, KeyError("x"))
    assert breaker.snapshot()["failures"] == 1
    fail(breaker, 1, ValueError("the answer is no"))
    assert breaker.snapshot()["failures"] == 0


def test_the_refusal_of_another_breaker_inside_does_not_count(make: Make) -> None:
    breaker = make(1)
    fail(breaker, 3, CircuitBreakerException("inner"))
    assert breaker.state is CLOSED


def test_the_share_of_failures_among_the_last_calls_opens_it(make: Make) -> None:
    breaker = make(window=10, failure_rate=0.5)
    succeed(breaker, 5)
    fail(breaker, 4)
    assert breaker.state is CLOSED
    fail(breaker)
    assert breaker.state is OPEN


def test_failures_that_leave_the_window_of_time_are_forgotten(make: Make, clock: TestClock) -> None:
    breaker = make(3, window="10s")
    fail(breaker, 2)
    clock.advance(11)
    fail(breaker, 2)
    assert breaker.state is CLOSED
    clock.advance(3)
    succeed(breaker)
    fail(breaker)
    assert breaker.state is OPEN


def test_a_share_needs_a_minimum_of_calls(make: Make) -> None:
    breaker = make(window="60s", failure_rate=0.5, min_calls=4)
    fail(breaker, 3)
    assert breaker.state is CLOSED
    fail(breaker)
    assert breaker.state is OPEN


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
async def test_slow_calls_open_it_although_they_succeed(make: Make, clock: TestClock, is_async: bool) -> None:
    breaker = make(window=4, slow_call_duration="1s", slow_call_rate=0.5)

    async def slow(seconds: float) -> None:
        clock.advance(seconds)

    for seconds in (0.1, 0.1, 2, 2):
        if is_async:
            await breaker.call(slow, seconds)
        else:
            breaker.call_sync(clock.advance, seconds)
    assert breaker.state is OPEN


def test_without_a_window_a_slow_call_is_a_failed_one(make: Make, clock: TestClock) -> None:
    breaker = make(2, slow_call_duration="1s")
    breaker.call_sync(clock.advance, 2)
    breaker.call_sync(clock.advance, 2)
    assert breaker.state is OPEN


def test_it_can_be_opened_and_closed_by_hand(make: Make) -> None:
    breaker = make()
    breaker.trip()
    assert breaker.state is OPEN
    breaker.reset()
    succeed(breaker)


async def test_functions_of_both_colours_share_one_state(make: Make) -> None:
    breaker = make(2)

    @circuit_breaker(breaker)
    async def one() -> None:
        raise OSError

    @circuit_breaker(breaker)
    def two() -> None:
        raise OSError

    with pytest.raises(OSError):
        await one()
    with pytest.raises(OSError):
        two()
    with pytest.raises(CircuitBreakerException):
        await one()


def test_changes_of_state_are_told_with_both_states(make: Make, clock: TestClock) -> None:
    breaker, told = make(1, "30s"), []
    breaker.add_listener(lambda event: told.append((event.type.value, event.details.get("after"))))
    fail(breaker)
    clock.advance(30)
    succeed(breaker)
    assert told == [("state-changed", OPEN), ("state-changed", HALF_OPEN), ("state-changed", CLOSED)]


@pytest.mark.parametrize(
    "wrong",
    [{"failure_threshold": 0}, {"failure_rate": 2.0}, {"window": 0}, {"window": "0s"}, {"window": "soon"}],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        CircuitBreaker(**wrong)


PERMITTED, THRESHOLD, RECOVERY, PATIENCE = 3, 2, 30.0, 20.0


class Programs(RuleBasedStateMachine):
    """Calls that begin and end in any order, with anything as their result, while time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = TestClock()
        self.breaker = CircuitBreaker(
            THRESHOLD,
            RECOVERY,
            permitted_half_open=PERMITTED,
            max_half_open_wait=PATIENCE,
            ignore=(KeyError,),
            clock=self.clock,
        )
        self.calls: list[Generation] = []
        self.probes: dict[int, int] = {}
        self.generations: list[Generation] = []
        self.refusals: list[tuple[CircuitState, object]] = []
        self.changes = 0
        self.changes_at: dict[int, int] = {}
        self.breaker.add_listener(self._told)

    def _told(self, event: ResilienceEvent) -> None:
        self.changes += event.type is EventType.STATE_CHANGED

    @rule()
    def begin(self) -> None:
        before = self.breaker.state
        try:
            generation = self.breaker.enter()
        except CircuitBreakerException as refused:
            self.refusals.append((before, refused.context["retry_after"]))
            return
        assert before is not OPEN
        self.calls.append(generation)
        self.generations.append(generation)  # keeps its id its own
        self.changes_at[id(generation)] = self.changes
        if generation.state is HALF_OPEN:
            self.probes[id(generation)] = self.probes.get(id(generation), 0) + 1

    @precondition(lambda self: self.calls)
    @rule(
        which=st.integers(0, 1000),
        failure=st.sampled_from([None, OSError(), KeyError(), asyncio.CancelledError(), KeyboardInterrupt()]),
    )
    def end(self, which: int, failure: BaseException | None) -> None:
        generation = self.calls.pop(which % len(self.calls))
        changes = self.changes
        is_stale = self.changes_at[id(generation)] != changes
        self.breaker.leave(generation, failure)
        if generation.state is HALF_OPEN:
            self.probes[id(generation)] -= 1
        if is_stale:
            assert self.changes == changes
        elif generation.state is HALF_OPEN and isinstance(failure, OSError):
            assert self.breaker.state is OPEN

    @rule(seconds=st.sampled_from([1.0, 10.0, 20.0, 30.0]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @invariant()
    def only_one_that_is_not_closed_refuses_and_says_for_how_long(self) -> None:
        assert all(
            before is not CLOSED and isinstance(again_in, float) and 0 <= again_in <= max(RECOVERY, PATIENCE)
            for before, again_in in self.refusals
        )

    @invariant()
    def never_more_probes_than_permitted_are_under_way(self) -> None:
        assert all(running <= PERMITTED for running in self.probes.values())

    def teardown(self) -> None:
        """Whatever happened, the target that works again is found within one round of waiting."""
        for _ in range(2):
            self.clock.advance(max(RECOVERY, PATIENCE))
            for _ in range(PERMITTED):
                try:
                    self.breaker.leave(self.breaker.enter())
                except CircuitBreakerException:
                    break
        assert self.breaker.state is CLOSED


@pytest.mark.parametrize("programs", [500, pytest.param(5_000, marks=pytest.mark.nightly)])
@pytest.mark.timeout(900)
def test_no_program_of_calls_gets_it_stuck_or_too_many_probes_through(programs: int) -> None:
    run_state_machine_as_test(
        Programs,
        settings=settings(
            max_examples=programs,
            stateful_step_count=50,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
