"""The windows of a circuit breaker count what is inside them, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from pyfly.resilience.windows import CountWindow, TimeWindow

CALLS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=50)


@given(CALLS, st.integers(1, 12))
def test_a_count_window_knows_its_last_calls(calls: list[tuple[bool, bool]], size: int) -> None:
    window = CountWindow(size)
    for failed, slow in calls:
        window.add(0.0, failed=failed, slow=slow)
    last = calls[-size:]
    assert (window.calls, window.failures, window.slow) == (
        len(last),
        sum(failed for failed, _ in last),
        sum(slow for _, slow in last),
    )


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), min_size=1, max_size=50))
def test_a_time_window_forgets_what_is_older_than_it_and_keeps_nine_tenths_of_it(
    calls: list[tuple[float, bool]],
) -> None:
    window, now, ended = TimeWindow(10.0), 0.0, []
    for pause, failed in calls:
        now += pause
        ended.append((now, failed))
        window.add(now, failed=failed, slow=False)
    surely = [failed for at, failed in ended if at >= now - 9]
    perhaps = [failed for at, failed in ended if at >= now - 10.001]
    assert len(surely) <= window.calls <= len(perhaps)
    assert sum(surely) <= window.failures <= sum(perhaps)


def test_a_time_window_that_nobody_has_used_for_long_is_empty_but_for_the_new_call() -> None:
    window = TimeWindow(1.0)
    for at in range(10):
        window.add(at / 10, failed=True, slow=True)
    assert (window.calls, window.failures, window.slow) == (10, 10, 10)
    window.add(1000.0, failed=False, slow=False)
    assert (window.calls, window.failures, window.slow) == (1, 0, 0)
