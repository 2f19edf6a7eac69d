"""Limits and locks that the replicas of an application share, reached through booted applications."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from pyfly.container import BeanGraphError
from pyfly.container.exceptions import BeanCreationException
from pyfly.core import pyfly_application
from pyfly.kernel.exceptions import LockedResourceException, RateLimitException
from pyfly.resilience import Locks, StoreUnavailableError
from pyfly.testing import PyFlyTest
from tests.resilience.reports.service import Reports
from tests.servers.redis import ephemeral
from tests.servers.supply import Supply

LIMITS = {
    "pyfly.resilience.rate-limiter.api.max-tokens": 2,
    "pyfly.resilience.rate-limiter.api.refill-rate": 0.001,
    "pyfly.resilience.rate-limiter.per-user.max-tokens": 1,
    "pyfly.resilience.rate-limiter.per-user.refill-rate": 0.001,
}


@pyfly_application(name="reports", scan_packages=["tests.resilience.reports"])
class Application:
    """The application of these tests."""


def shared(url: str) -> Mapping[str, object]:
    return {
        **LIMITS,
        "pyfly.resilience.rate-limiter.api.store": "redis",
        "pyfly.resilience.rate-limiter.per-user.store": "redis",
        "pyfly.resilience.lock.store": "redis",
        "pyfly.resilience.redis.url": url,
        "pyfly.resilience.redis.timeout": "5s",
        "pyfly.resilience.redis.prefix": f"pyfly-test:{uuid4().hex}",
    }


async def test_two_replicas_share_limits_and_locks_by_configuration_alone(redis_server: Supply) -> None:
    properties = shared(redis_server.url)
    async with AsyncExitStack() as stack:
        apps = [
            await stack.enter_async_context(PyFlyTest(Application, properties=properties)) for _ in range(2)
        ]
        first, second = (app.get_bean(Reports) for app in apps)
        assert [await first.ask(), await second.ask()] == ["answer", "answer"]
        for reports in (first, second):
            with pytest.raises(RateLimitException):
                await reports.ask()
        assert await first.ask_as("ann") == "ann"
        with pytest.raises(RateLimitException):
            await second.ask_as("ann")
        assert await second.ask_as("bob") == "bob"
        async with first.locks.hold("report") as held:
            with pytest.raises(LockedResourceException):
                await second.write()
        assert (await second.write()).fencing > held.fencing


async def test_without_configuration_limits_and_locks_are_those_of_one_process() -> None:
    async with (
        PyFlyTest(Application, properties=LIMITS) as one,
        PyFlyTest(Application, properties=LIMITS) as two,
        one.get_bean(Locks).hold("report"),
    ):
        with pytest.raises(LockedResourceException):
            await one.get_bean(Reports).write()
        assert (await two.get_bean(Reports).write()).fencing == 1


async def test_a_shared_limit_without_a_server_fails_the_start_and_says_what_to_set() -> None:
    properties = {**shared(""), "pyfly.resilience.redis.url": ""}
    with pytest.raises(BeanGraphError) as failure:
        await PyFlyTest(Application, properties=properties).startup()
    problems = [each.diagnosis for each in failure.value.problems]
    assert [each.what for each in problems] == [
        f"pyfly.resilience.{key}.store is redis, and there is no Redis to use."
        for key in ("rate-limiter.api", "rate-limiter.per-user", "lock")
    ]
    assert "Set pyfly.resilience.redis.url" in problems[0].fix[0]


async def test_a_server_that_does_not_answer_fails_the_start_unless_it_is_optional(
    unused_tcp_port: int,
) -> None:
    properties = shared(f"redis://127.0.0.1:{unused_tcp_port}/0")
    with pytest.raises(BeanCreationException, match=f"Redis at 127.0.0.1:{unused_tcp_port} cannot be used"):
        await PyFlyTest(Application, properties=properties).startup()
    allowed = {
        **properties,
        "pyfly.resilience.redis.optional": True,
        "pyfly.resilience.rate-limiter.api.when-unavailable": "allow",
    }
    async with PyFlyTest(Application, properties=allowed) as app:
        reports = app.get_bean(Reports)
        assert await reports.ask() == "answer"
        with pytest.raises(StoreUnavailableError, match="Redis at 127"):
            await reports.ask_as("ann")
        with pytest.raises(StoreUnavailableError):
            await reports.write()


async def test_a_server_that_goes_and_comes_back_is_used_again(unused_tcp_port: int) -> None:
    with ephemeral(unused_tcp_port) as url:
        app = PyFlyTest(Application, properties=shared(url))
        await app.startup()
    try:
        reports = app.get_bean(Reports)
        with pytest.raises(StoreUnavailableError):
            await reports.ask()
        with ephemeral(unused_tcp_port):
            assert await reports.ask() == "answer"
            assert (await reports.write()).fencing > 0
    finally:
        await app.shutdown()
