"""Events as an application sees them: scanned, started, published, stopped."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pyfly.context import ApplicationContext
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.config import Config
from pyfly.eda import DeadLetters, ErrorStrategy, EventEnvelope, EventPublisher
from pyfly.eda.adapters import InMemoryEventBus
from pyfly.testing import PyFlyTestCase, assert_event_published
from tests.eda.shop.orders import Listeners, OrderPlaced, Orders
from tests.eda.support import Failing


@pyfly_application(name="shop", scan_packages=["tests.eda.shop"])
class Shop:
    """The application of these tests."""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[PyFlyApplication]:
    file = tmp_path / "pyfly.yaml"
    file.write_text(
        "pyfly:\n  banner:\n    mode: 'OFF'\n  data:\n    url: sqlite://\n    schema: create\n"
        "  eda:\n    error-strategy: fail-fast\n    retry:\n      max-attempts: 1\n"
    )
    async with PyFlyApplication(Shop, config_path=file) as app:
        yield app


async def publisher_of(context: ApplicationContext) -> EventPublisher:
    return await context.aget_bean(EventPublisher)  # type: ignore[type-abstract]


def log_of(app: PyFlyApplication) -> list[object]:
    return app.context.get_bean(Listeners).log


async def test_listeners_that_wait_for_the_commit_see_what_was_committed(app: PyFlyApplication) -> None:
    await app.context.get_bean(Orders).place("tea")
    assert log_of(app) == [("at once", "tea"), ("after commit", "tea", 2), ("application", "tea")]


async def test_listeners_that_wait_for_the_commit_hear_nothing_of_what_was_rolled_back(
    app: PyFlyApplication,
) -> None:
    orders = app.context.get_bean(Orders)
    with pytest.raises(ValueError, match="no"):
        await orders.place("tea", fails=True)
    assert log_of(app) == [("at once", "tea")]
    assert await orders.count() == 0


async def test_without_a_transaction_nobody_waits(app: PyFlyApplication) -> None:
    await app.context.get_bean(Orders).announce("tea")
    assert log_of(app) == [("at once", "tea"), ("after commit", "tea", 0)]


async def test_publishing_decorators_work_on_beans_alone(app: PyFlyApplication) -> None:
    orders = app.context.get_bean(Orders)
    assert await orders.request("tea", quantity=2) == "2 tea"
    assert await orders.count() == 0
    assert log_of(app) == [
        ("order.requested", {"sku": "tea", "quantity": 2}),
        ("order.counted", {"result": 0}),
    ]


async def test_a_failure_after_the_commit_is_kept_and_can_be_replayed(app: PyFlyApplication) -> None:
    await app.context.get_bean(Orders).place("tea")
    letters = app.context.get_bean(DeadLetters)
    (letter,) = await letters.all()
    assert (letter.listener, letter.error_message) == ("Listeners.broken", "full")
    assert letter.envelope.payload == OrderPlaced("tea")
    assert await letters.replay_all() == 0
    assert [each.attempts for each in await letters.all()] == [2]


async def test_settings_reach_the_bus(app: PyFlyApplication) -> None:
    bus = app.context.get_bean(InMemoryEventBus)
    assert await publisher_of(app.context) is bus
    failing = Failing(9)
    bus.subscribe("import.failed", failing)
    with pytest.raises(OSError, match="failure 1"):
        await bus.publish("imports", "import.failed", {})
    retried = Failing(9)
    bus.listen("import.retried", retried, error_strategy=ErrorStrategy.RETRY)
    await bus.publish("imports", "import.retried", {})
    assert retried.calls == 1


async def test_events_leave_no_task_behind(app: PyFlyApplication) -> None:
    before = asyncio.all_tasks()
    await app.context.get_bean(Orders).place("tea")
    assert asyncio.all_tasks() == before


async def test_a_publisher_is_there_for_the_asking() -> None:
    async with ApplicationContext(Config({})) as context:
        assert isinstance(await publisher_of(context), InMemoryEventBus)


async def test_test_cases_have_the_bus_of_their_context() -> None:
    class Case(PyFlyTestCase): ...

    case = Case()
    await case.setup()
    try:
        assert case.event_bus is await publisher_of(case.context)
        seen: list[EventEnvelope] = []
        case.event_bus.subscribe("*", seen.append)  # type: ignore[arg-type]
        await case.event_bus.publish("orders", "order.placed", {"sku": "tea", "quantity": 1})
        assert_event_published(seen, "order.placed", {"sku": "tea"})
    finally:
        await case.teardown()


async def test_test_cases_without_a_bus_in_their_context_have_one_of_their_own() -> None:
    class Case(PyFlyTestCase):
        properties: ClassVar[Mapping[str, Any]] = {"pyfly": {"eda": {"enabled": False}}}

    case = Case()
    await case.setup()
    assert isinstance(case.event_bus, InMemoryEventBus)
    await case.teardown()


UNUSED = """
import asyncio, sys
from pyfly.context import ApplicationContext
from pyfly.core.config import Config

async def main():
    async with ApplicationContext(Config({})):
        print(sorted(name for name in sys.modules if name.startswith("pyfly.eda.")))

asyncio.run(main())
"""


def test_an_application_that_does_not_use_events_loads_nothing_of_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNUSED], capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
