"""The events of stored aggregates: published after the commit, and part of what has led to them."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.cqrs import Mediator
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.kernel.exceptions import DataIntegrityException
from tests.domain.store.orders import (
    Mailing,
    Order,
    OrderCancelled,
    OrderPlaced,
    Orders,
    PlaceOrder,
    Trace,
)


@pyfly_application(name="store", scan_packages=["tests.domain.store"])
class Store:
    """The application of these tests."""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[PyFlyApplication]:
    file = tmp_path / "pyfly.yaml"
    file.write_text("pyfly:\n  banner:\n    mode: 'OFF'\n  data:\n    url: sqlite://\n    schema: create\n")
    async with PyFlyApplication(Store, config_path=file) as app:
        yield app


@pytest.fixture
def orders(app: PyFlyApplication) -> Orders:
    return app.context.get_bean(Orders)


def heard(app: PyFlyApplication) -> list[object]:
    return app.context.get_bean(Mailing).heard


async def test_a_request_its_commands_and_their_events_share_one_id_and_name_their_causes(
    app: PyFlyApplication,
) -> None:
    transport = httpx.ASGITransport(app=app.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post("/orders/tea", headers={"X-Request-Id": "request-7"})
    assert answer.json() == 1
    seen = app.context.get_bean(Trace).seen
    assert [name for name, *_ in seen] == ["PlaceOrder", "saved", "OrderPlaced", "SendMail", "mail.sent"]
    assert {correlation for _, correlation, *_ in seen} == {"request-7"}
    (_, _, command, no_cause), _, placed, mail, sent = seen
    assert no_cause is None
    assert placed[3] == command
    assert mail[3] == sent[3] == placed[2]


async def test_what_is_sent_for_no_request_has_an_id_of_its_own(app: PyFlyApplication) -> None:
    mediator = app.context.get_bean(Mediator)
    await mediator.send(PlaceOrder("tea"))
    await mediator.send(PlaceOrder("jam"))
    ids = [correlation for _, correlation, *_ in app.context.get_bean(Trace).seen]
    assert len(set(ids)) == 2
    assert len(set(ids[:5])) == 1


async def test_the_events_of_a_saved_aggregate_are_published_after_the_commit(
    app: PyFlyApplication, orders: Orders
) -> None:
    async with app.context.get_bean(SqlAlchemyTransactionManager).transaction():
        order = await orders.save(Order.place("tea"))
        assert not order.has_events
        assert heard(app) == []
    assert heard(app) == [OrderPlaced("tea")]


async def test_what_is_rolled_back_is_not_published(app: PyFlyApplication, orders: Orders) -> None:
    with pytest.raises(ValueError, match="no"):
        await app.context.get_bean(Mediator).send(PlaceOrder("tea", fails=True))
    assert heard(app) == []
    assert await orders.count() == 0


async def test_without_a_transaction_each_call_publishes_what_it_saved_or_deleted(
    app: PyFlyApplication, orders: Orders
) -> None:
    tea, jam = await orders.save_all([Order.place("tea"), Order.place("jam")])
    assert heard(app) == [OrderPlaced("tea"), OrderPlaced("jam")]
    tea.cancel()
    await orders.delete(tea)
    jam.cancel()
    await orders.delete_all([jam])
    assert heard(app)[2:] == [OrderCancelled("tea"), OrderCancelled("jam")]
    assert await orders.count() == 0


async def test_an_aggregate_that_could_not_be_saved_keeps_its_events(
    app: PyFlyApplication, orders: Orders
) -> None:
    nameless = Order.place("tea")
    nameless.sku = None  # type: ignore[assignment]
    with pytest.raises(DataIntegrityException):
        await orders.save(nameless)
    assert nameless.has_events
    assert heard(app) == []


async def test_an_event_that_cannot_be_published_costs_no_other_its_turn(
    app: PyFlyApplication, orders: Orders, caplog: pytest.LogCaptureFixture
) -> None:
    order = Order(sku="tea")
    order.record("a text is no event")
    order.record(OrderPlaced("tea"))
    with caplog.at_level(logging.ERROR):
        await orders.save(order)
    assert heard(app) == [OrderPlaced("tea")]
    assert "callback of a finished transaction failed" in caplog.text


async def test_a_repository_with_a_session_of_its_own_leaves_the_events_to_who_commits_it(
    app: PyFlyApplication,
) -> None:
    async with app.context.get_bean(SqlAlchemyTransactionManager).session() as session:
        order = await Orders(session=session).save(Order.place("tea"))
    assert order.pull_events() == [OrderPlaced("tea")]
    assert heard(app) == []
