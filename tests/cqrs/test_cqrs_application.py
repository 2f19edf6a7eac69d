"""Commands and queries as an application sees them: scanned, started, sent."""

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from pyfly.container import BeanGraphError
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.cqrs import CommandBus, Mediator, QueryBus, correlation, current_dispatch
from pyfly.cqrs.middleware import LoggingMiddleware, MetricsMiddleware, ValidationMiddleware
from pyfly.cqrs.ports.outbound import CqrsMiddleware
from pyfly.kernel.exceptions import ConcurrencyException, ConflictException, ValidationException
from pyfly.testing import PyFlyTest
from tests.cqrs.shop.orders import (
    CancelOrder,
    Checkout,
    CountOrders,
    FindOrder,
    FindOrderHandler,
    Meters,
    Orders,
    Outermost,
    PlaceBoth,
    PlaceGift,
    PlaceOrder,
    PlaceOrderHandler,
)

Build = Callable[..., PyFlyApplication]


@pyfly_application(name="shop", scan_packages=["tests.cqrs.shop"])
class Shop:
    """The application of these tests."""


@pyfly_application(name="broken", scan_packages=["tests.cqrs.broken"])
class Broken:
    """An application whose messages and handlers do not fit."""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build(app: type, *settings: str) -> PyFlyApplication:
        file = tmp_path / "pyfly.yaml"
        file.write_text("pyfly:\n  banner:\n    mode: 'OFF'\n")
        return PyFlyApplication(app, config_path=file, args=[f"--pyfly.cqrs.{each}" for each in settings])

    return build


@pytest.fixture
async def app(build: Build) -> AsyncIterator[PyFlyApplication]:
    async with build(Shop) as app:
        yield app


@pytest.fixture
def mediator(app: PyFlyApplication) -> Mediator:
    return app.context.get_bean(Mediator)


async def test_a_command_and_a_query_reach_their_handlers(app: PyFlyApplication) -> None:
    assert await app.context.get_bean(Checkout).buy("tea") == "tea"


async def test_methods_of_a_bean_can_be_handlers_sync_and_async(mediator: Mediator) -> None:
    await mediator.send(PlaceOrder("tea"))
    assert await mediator.send(CountOrders()) == 1
    await mediator.send(CancelOrder(1))
    assert await mediator.send(CountOrders()) == 0


async def test_a_message_without_a_handler_of_its_own_is_handled_by_that_of_its_base(
    mediator: Mediator,
) -> None:
    assert await mediator.send(PlaceGift("tea")) == 1


async def test_a_handler_that_is_no_singleton_is_made_for_each_message(mediator: Mediator) -> None:
    before = FindOrderHandler.made
    await mediator.send(FindOrder(1))
    await mediator.send(FindOrder(1))
    assert FindOrderHandler.made == before + 2


async def test_the_buses_are_the_mediator(app: PyFlyApplication, mediator: Mediator) -> None:
    assert app.context.get_bean(CommandBus) is mediator  # type: ignore[type-abstract]
    assert app.context.get_bean(QueryBus) is mediator  # type: ignore[type-abstract]


async def test_what_a_handler_raises_keeps_its_type(mediator: Mediator) -> None:
    with pytest.raises(ConflictException, match="no such order"):
        await mediator.send(CancelOrder(7))


async def test_messages_are_validated_constraint_beans_included(mediator: Mediator) -> None:
    with pytest.raises(ValidationException) as caught:
        await mediator.send(PlaceOrder("", 0))
    assert [item["loc"] for item in caught.value.context["errors"]] == [("name",), ("amount",)]  # type: ignore[attr-defined]
    await mediator.send(PlaceOrder("tea"))
    with pytest.raises(ValidationException, match="name: is taken"):
        await mediator.send(PlaceOrder("tea"))


async def test_middleware_beans_join_by_order(app: PyFlyApplication, mediator: Mediator) -> None:
    await mediator.send(CountOrders())
    assert app.context.get_bean(Outermost).seen == ["CountOrders"]
    joined = [type(each) for each in app.context.container.resolve_all(CqrsMiddleware)]  # type: ignore[type-abstract]
    assert joined == [Outermost, LoggingMiddleware, MetricsMiddleware, ValidationMiddleware]


async def test_messages_are_logged_and_refusals_are_warnings_without_a_traceback(
    mediator: Mediator, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "pyfly.cqrs"):
        await mediator.send(CountOrders())
        with pytest.raises(ConflictException):
            await mediator.send(CancelOrder(7))
    mine = [each for each in caplog.records if each.name == "pyfly.cqrs"]
    assert [(each.levelname, each.getMessage()) for each in mine] == [
        ("INFO", "Handling CountOrders"),
        ("INFO", "Completed CountOrders"),
        ("INFO", "Handling CancelOrder"),
        ("WARNING", "Refused CancelOrder: no such order"),
    ]
    assert not mine[-1].exc_info


async def test_messages_are_measured_by_type_and_outcome(app: PyFlyApplication, mediator: Mediator) -> None:
    await mediator.send(CountOrders())
    with pytest.raises(ConflictException):
        await mediator.send(CancelOrder(7))
    known = app.context.get_bean(Meters).known
    assert len(known["cqrs_messages_total"].values) == 2
    assert known["cqrs_message_seconds"].values == [("CountOrders", "success"), ("CancelOrder", "refused")]


async def test_messages_that_come_of_one_another_share_an_id_that_is_restored_afterwards(
    app: PyFlyApplication, mediator: Mediator
) -> None:
    ids = app.context.get_bean(Orders).ids
    assert await mediator.send(PlaceBoth(("tea", "milk"))) == [1, 2]
    await mediator.send(PlaceOrder("salt"))
    assert len(set(ids[:3])) == 1
    assert ids[3] != ids[0]
    assert current_dispatch() is None
    with correlation("from outside"):
        await mediator.send(PlaceOrder("oil"))
    assert ids[4] == "from outside"


async def test_each_middleware_can_be_switched_off(build: Build) -> None:
    switches = [f"{each}.enabled=false" for each in ("logging", "metrics", "validation")]
    async with build(Shop, *switches) as app:
        joined = app.context.container.resolve_all(CqrsMiddleware)  # type: ignore[type-abstract]
        assert [type(each) for each in joined] == [Outermost]
        assert await app.context.get_bean(Mediator).send(PlaceOrder("", 0)) == 1


async def test_conflicts_are_retried_where_that_is_asked_for(build: Build) -> None:
    async with build(Shop, "retry.max-attempts=3", "retry.delay=0s") as app:
        mediator, orders = app.context.get_bean(Mediator), app.context.get_bean(Orders)
        orders.conflicts = 2
        assert await mediator.send(PlaceOrder("tea")) == 1
        orders.conflicts = 3
        with pytest.raises(ConcurrencyException):
            await mediator.send(PlaceOrder("milk"))


async def test_conflicts_are_not_retried_by_default(app: PyFlyApplication, mediator: Mediator) -> None:
    app.context.get_bean(Orders).conflicts = 1
    with pytest.raises(ConcurrencyException):
        await mediator.send(PlaceOrder("tea"))


async def test_a_handler_can_be_overridden_while_the_application_runs() -> None:
    class Fake:
        async def handle(self, command: PlaceOrder) -> int:
            return 99

    async with PyFlyTest(Shop) as app:
        mediator = app.context.get_bean(Mediator)
        with app.override(PlaceOrderHandler, Fake()):
            assert await mediator.send(PlaceOrder("tea")) == 99
        assert await mediator.send(PlaceOrder("tea")) == 1
        with app.override(PlaceOrderHandler, Fake()):
            assert await mediator.send(PlaceOrder("milk")) == 99


async def problems_of(app: PyFlyApplication) -> dict[str, tuple[str, ...]]:
    with pytest.raises(BeanGraphError) as caught:
        await app.startup()
    found = [each.diagnosis for each in caught.value.problems]
    return {each.what.partition(" ")[0]: (each.what, *each.why) for each in found}


async def test_every_message_needs_exactly_one_handler_and_every_handler_a_message(build: Build) -> None:
    problems = await problems_of(build(Broken))
    assert set(problems) == {"Anything", "Doubled", "Foreseen", "Forgotten", "Profiled", "UnwrittenHandler"}
    assert "has 2 handlers" in problems["Doubled"][0]
    assert any(each.startswith("OneHandler (") for each in problems["Doubled"])
    assert any(each.startswith("OtherHandler.other (") for each in problems["Doubled"])
    assert "is no bean; it needs its decorator" in problems["Foreseen"][1]
    assert "left out: profile 'production' is not active" in problems["Profiled"][1]
    assert "has no handler" in problems["Forgotten"][0]


async def test_messages_that_others_handle_can_be_left_alone(build: Build) -> None:
    problems = await problems_of(build(Broken, "unhandled=ignore"))
    assert set(problems) == {"Anything", "Doubled", "UnwrittenHandler"}


async def test_messages_without_a_handler_can_be_warned_about(
    build: Build, caplog: pytest.LogCaptureFixture
) -> None:
    problems = await problems_of(build(Broken, "unhandled=warn"))
    assert "Forgotten" not in problems
    assert any("Forgotten (" in each.getMessage() for each in caplog.records)
