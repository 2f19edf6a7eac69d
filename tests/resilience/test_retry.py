"""Retries: how often, after which delays, and when not."""

import asyncio
import gc
import traceback
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.kernel.exceptions import CircuitBreakerException, RateLimitException
from pyfly.resilience import Retry, RetryState, deadline, retry
from pyfly.testing import TestClock


class Flaky:
    """Fails the first *times*, and notes when it was called."""

    def __init__(self, clock: TestClock, times: int, error: Exception | None = None) -> None:
        self.clock, self.times, self.error = clock, times, error
        self.calls: list[float] = []

    def __call__(self) -> str:
        self.calls.append(round(self.clock.monotonic(), 6))
        if len(self.calls) <= self.times:
            raise self.error or OSError(len(self.calls))
        return "done"


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


def make(clock: TestClock, *args: Any, **settings: Any) -> Retry:
    return Retry(*args, **{"jitter": 0.0, **settings}, clock=clock, pause=clock.advance)


def test_it_is_called_again_until_it_succeeds_each_time_later(clock: TestClock) -> None:
    flaky = Flaky(clock, 3)
    assert make(clock, 5, delay="100ms", multiplier=2).call_sync(flaky) == "done"
    assert flaky.calls == [0.0, 0.1, 0.3, 0.7]


async def test_async_functions_wait_without_blocking(clock: TestClock) -> None:
    flaky = Flaky(clock, 2)
    call = asyncio.ensure_future(make(clock, 3, delay=1, max_delay="1s").call(flaky))
    await clock.elapse(2)
    assert await call == "done"
    assert flaky.calls == [0.0, 1.0, 2.0]


def test_the_delay_stops_growing(clock: TestClock) -> None:
    flaky = Flaky(clock, 3)
    make(clock, 4, delay=1, multiplier=10, max_delay=2).call_sync(flaky)
    assert flaky.calls == [0, 1, 3, 5]


def test_the_last_failure_reaches_the_caller_as_it_is_with_a_note(clock: TestClock) -> None:
    flaky = Flaky(clock, 9)
    with pytest.raises(OSError, match="3") as failed:
        make(clock, 3).call_sync(flaky)
    assert failed.value.__notes__ == ["Flaky was given up after 3 attempts"]
    assert failed.value.__context__ is None


def test_only_what_is_listed_and_not_ignored_is_retried(clock: TestClock) -> None:
    policy = make(clock, 3, retry_on=(OSError,), ignore=(FileNotFoundError,))
    for error, calls in ((ValueError(), 1), (FileNotFoundError(), 1), (TimeoutError(), 3)):
        flaky = Flaky(clock, 9, error)
        with pytest.raises(type(error)):
            policy.call_sync(flaky)
        assert len(flaky.calls) == calls


def test_an_open_circuit_is_retried_only_where_that_is_asked_for(clock: TestClock) -> None:
    for policy, calls in ((make(clock, 3), 1), (make(clock, 3, retry_on=(CircuitBreakerException,)), 3)):
        flaky = Flaky(clock, 9, CircuitBreakerException("open"))
        with pytest.raises(CircuitBreakerException):
            policy.call_sync(flaky)
        assert len(flaky.calls) == calls


def test_a_failure_that_says_when_to_come_back_is_given_that_time(clock: TestClock) -> None:
    flaky = Flaky(clock, 1, RateLimitException("wait", context={"retry_after": 7}))
    make(clock, 2).call_sync(flaky)
    assert flaky.calls == [0, 7]


async def test_nothing_is_waited_for_beyond_the_deadline(clock: TestClock) -> None:
    flaky = Flaky(clock, 9)
    with deadline("5s", clock), pytest.raises(OSError):
        make(clock, 10, delay=2, multiplier=1).call_sync(flaky)
    assert flaky.calls == [0, 2, 4]


async def test_a_call_that_is_cancelled_while_it_waits_is_cancelled_at_once(clock: TestClock) -> None:
    flaky = Flaky(clock, 9)
    call = asyncio.ensure_future(make(clock, 9, delay=100).call(flaky))
    await clock.elapse(1)
    call.cancel()
    await asyncio.wait({call})
    assert call.cancelled()
    assert len(flaky.calls) == 1


def test_jitter_spreads_the_delays_within_its_share() -> None:
    delays: list[float] = []
    policy = Retry(200, delay=1, multiplier=1, jitter=0.5, clock=TestClock(), pause=delays.append)
    with pytest.raises(OSError):
        policy.call_sync(Flaky(TestClock(), 999))
    assert min(delays) >= 0.5
    assert max(delays) <= 1.5
    assert len({round(delay, 6) for delay in delays}) > 100


def test_delays_and_the_end_may_be_functions_of_the_state(clock: TestClock) -> None:
    seen: list[tuple[int, str, float]] = []

    def wait(state: RetryState) -> float:
        seen.append((state.attempt_number, str(state.outcome.exception()), state.idle_for))
        return 3.0

    flaky = Flaky(clock, 99)
    policy = make(
        clock, 100, wait=wait, stop=lambda state: state.seconds_since_start + state.upcoming_sleep > 7
    )
    with pytest.raises(OSError):
        policy.call_sync(flaky)
    assert flaky.calls == [0, 3, 6]
    assert seen == [(1, "1", 0.0), (2, "2", 3.0), (3, "3", 6.0)]


def test_the_strategies_of_tenacity_fit(clock: TestClock) -> None:
    tenacity = pytest.importorskip("tenacity")
    flaky = Flaky(clock, 99)
    wait = tenacity.wait_fixed(1) + tenacity.wait_exponential(multiplier=1, max=4)
    with pytest.raises(OSError):
        make(
            clock, 100, wait=wait, stop=tenacity.stop_after_attempt(4) | tenacity.stop_after_delay(60)
        ).call_sync(flaky)
    assert flaky.calls == [0, 2, 5, 10]


@pytest.mark.parametrize(
    "decorate",
    [
        retry,
        retry(),
        retry(max_attempts=3, delay="0ms"),
        retry(Retry(delay=0.001)),
    ],
    ids=["bare", "called", "settings", "object"],
)
def test_every_form_of_the_decorator_works_on_plain_functions(decorate: Callable[[Any], Any]) -> None:
    left = [OSError(), OSError()]

    @decorate
    def call(value: int = 3) -> int:
        """Docs."""
        if left:
            raise left.pop()
        return value

    assert call() == 3
    assert (call.__name__, call.__doc__) == ("call", "Docs.")


async def test_an_async_function_stays_one() -> None:
    @retry(delay=0)
    async def call() -> int:
        if not left.pop():
            raise OSError
        return 1

    left = [True, False]
    assert asyncio.iscoroutinefunction(call)
    assert await call() == 1


def test_what_happens_is_told(clock: TestClock) -> None:
    policy, told = make(clock, 3, delay=1), []
    policy.add_listener(lambda event: told.append((event.type.value, dict(event.details))))
    policy.call_sync(Flaky(clock, 1))
    with pytest.raises(OSError):
        policy.call_sync(Flaky(clock, 9))
    assert [kind for kind, _ in told] == ["retried", "recovered", "retried", "retried", "exhausted"]
    assert told[0][1]["delay"] == 1
    assert told[-1][1] == {"function": "Flaky", "attempts": 3}
    assert policy.snapshot()["events"] == {"retried": 3, "recovered": 1, "exhausted": 1}


def test_failures_are_kept_alive_by_nothing_and_do_not_become_one_long_chain(clock: TestClock) -> None:
    class Lost(Exception):
        pass

    def call() -> None:
        raise Lost

    def failed() -> tuple["weakref.ref[Lost]", str]:
        try:
            make(clock, 50).call_sync(call)
        except Lost as failure:
            return weakref.ref(failure), "".join(traceback.format_exception(failure))
        raise AssertionError

    gc.disable()
    try:
        kept, text = failed()
        is_alive = kept() is not None
    finally:
        gc.enable()
    assert not is_alive
    assert "During handling" not in text


@pytest.mark.parametrize(
    "wrong", [{"max_attempts": 0}, {"multiplier": 0.5}, {"jitter": 2}, {"delay": "soon"}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Retry(**wrong)
