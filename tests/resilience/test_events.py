"""Events: listeners are told, and cannot change what happens."""

import pytest

from pyfly.resilience import Bulkhead, EventType, PolicyKind, ResilienceEvent
from pyfly.resilience.events import NESTING


def test_the_kinds_nest_in_the_documented_order() -> None:
    assert [kind.value for kind in NESTING] == [
        "fallback",
        "retry",
        "circuit-breaker",
        "rate-limiter",
        "time-limiter",
        "bulkhead",
    ]


def test_a_listener_is_told_once_until_it_is_removed_and_a_failing_one_disturbs_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[ResilienceEvent] = []

    def failing(event: ResilienceEvent) -> None:
        raise ValueError("listener")

    wall = Bulkhead(1, name="wall")
    for listener in (failing, told.append, told.append):
        wall.add_listener(listener)

    def rejected() -> None:
        with pytest.raises(Exception, match="at capacity"):
            wall.acquire_sync()

    wall.acquire_sync()
    rejected()
    assert [(each.kind, each.policy, each.type) for each in told] == [
        (PolicyKind.BULKHEAD, "wall", EventType.REJECTED)
    ]
    assert "A listener failed on rejected of bulkhead wall" in caplog.text
    wall.remove_listener(told.append)
    rejected()
    assert len(told) == 1
    assert wall.snapshot()["events"] == {"rejected": 2}
