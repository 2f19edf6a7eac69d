import asyncio
from datetime import timedelta
from typing import Any

import pytest

from pyfly.actuator import HealthAggregator, HealthIndicator, HealthResult, HealthStatus


class Says(HealthIndicator):
    def __init__(self, status: str, groups: tuple[str, ...] = ()) -> None:
        self.status = status
        self.groups = groups

    async def health(self) -> HealthStatus:
        return HealthStatus(self.status)


async def check(*statuses: str) -> HealthResult:
    aggregator = HealthAggregator()
    for number, status in enumerate(statuses):
        aggregator.add_indicator(str(number), Says(status))
    return await aggregator.check()


@pytest.mark.parametrize(
    ("statuses", "overall"),
    [
        ((), "UP"),
        (("UP",), "UP"),
        (("UP", "UNKNOWN"), "UP"),
        (("UP", "DEGRADED"), "DEGRADED"),
        (("DEGRADED", "OUT_OF_SERVICE"), "OUT_OF_SERVICE"),
        (("OUT_OF_SERVICE", "UP", "DOWN"), "DOWN"),
    ],
)
async def test_the_most_severe_status_counts(statuses: tuple[str, ...], overall: str) -> None:
    assert (await check(*statuses)).status == overall


async def test_a_failing_indicator_is_down_and_says_no_more_than_that() -> None:
    class Failing(HealthIndicator):
        async def health(self) -> HealthStatus:
            raise LookupError("postgresql://user:pa55word@db")

    aggregator = HealthAggregator()
    aggregator.add_indicator("db", Failing())
    result = await aggregator.check()
    assert result == HealthResult("DOWN", {"db": HealthStatus("DOWN", {"error": "check failed"})})


async def test_an_indicator_that_takes_too_long_is_down() -> None:
    class Hanging(HealthIndicator):
        async def health(self) -> HealthStatus:
            await asyncio.Event().wait()
            return HealthStatus("UP")

    aggregator = HealthAggregator(timedelta(milliseconds=10))
    aggregator.add_indicator("slow", Hanging())
    assert (await aggregator.check()).components["slow"].details == {"error": "no answer within 0.01 s"}


async def test_an_indicator_that_returns_something_else_is_down() -> None:
    class Wrong(HealthIndicator):
        async def health(self) -> Any:
            return {"status": "UP"}

    aggregator = HealthAggregator()
    aggregator.add_indicator("wrong", Wrong())
    assert (await aggregator.check()).status == "DOWN"


async def test_indicators_are_asked_at_the_same_time() -> None:
    met = asyncio.Barrier(2)

    class Meeting(HealthIndicator):
        async def health(self) -> HealthStatus:
            await met.wait()
            return HealthStatus("UP")

    aggregator = HealthAggregator()
    aggregator.add_indicator("a", Meeting())
    aggregator.add_indicator("b", Meeting())
    assert (await aggregator.check()).status == "UP"


async def test_a_group_asks_only_those_who_belong_to_it() -> None:
    aggregator = HealthAggregator()
    aggregator.add_indicator("db", Says("DOWN", ("readiness",)))
    aggregator.add_indicator("self", Says("UP", ("liveness", "readiness")))
    assert (await aggregator.check(group="liveness")).status == "UP"
    assert (await aggregator.check(group="readiness")).status == "DOWN"
    assert sorted((await aggregator.check()).components) == ["db", "self"]


def test_components_are_left_out_when_there_are_none_or_nobody_may_see_them() -> None:
    assert HealthResult("UP").to_dict() == {"status": "UP"}
    result = HealthResult("UP", {"db": HealthStatus("UP", {"v": 1})})
    assert result.to_dict() == {"status": "UP", "components": {"db": {"status": "UP", "details": {"v": 1}}}}
    assert result.to_dict(details=False) == {"status": "UP"}


@pytest.mark.parametrize(
    ("said", "status"), [("down", "DOWN"), ("Degraded", "DEGRADED"), ("FAILED", "DOWN"), ("", "DOWN")]
)
async def test_a_status_that_is_none_is_no_good_news(said: str, status: str) -> None:
    result = await check("UP", said)
    assert (result.status, result.components["1"].status) == (status, status)
