"""Waiting for the end of a transaction without knowing who manages it."""

from collections.abc import AsyncIterator

import pytest

from pyfly.container import component, service
from pyfly.context import ApplicationContext, app_event_listener
from pyfly.core.config import Config
from pyfly.data import transactional
from pyfly.data.transaction_phase import CurrentTransactionPhase
from pyfly.data.transactions import Transaction, TransactionManager, TransactionOptions
from pyfly.eda import EventPublisher, event_listener


class Memory(TransactionManager):
    async def begin(self, options: TransactionOptions) -> Transaction:
        return Transaction(self, options)

    async def commit(self, transaction: Transaction) -> None: ...

    async def rollback(self, transaction: Transaction) -> None: ...


async def test_a_callback_is_called_after_the_commit() -> None:
    log: list[str] = []
    async with Memory().transaction():
        assert CurrentTransactionPhase().after_commit(lambda: log.append("committed"))
        assert log == []
    assert log == ["committed"]


async def test_without_a_transaction_the_callback_is_not_taken() -> None:
    assert not CurrentTransactionPhase().after_commit(lambda: None)


class Paid:
    pass


@component
class Ends:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @event_listener(phase="before_commit", error_strategy="fail-fast")
    async def before(self, event: Paid) -> None:
        self.seen.append("before commit")
        if "veto" in self.seen:
            raise ValueError("vetoed")

    @event_listener(phase="after-commit")
    def committed(self, event: Paid) -> None:
        self.seen.append("committed")

    @event_listener(phase="after_rollback")
    async def rolled_back(self, event: Paid) -> None:
        self.seen.append("rolled back")

    @event_listener(phase="after_completion")
    def ended(self, event: Paid) -> None:
        self.seen.append("ended")

    @app_event_listener(phase="before_commit")
    def app_before(self, event: Paid) -> None:
        self.seen.append("app before commit")

    @app_event_listener(phase="after_rollback")
    def app_rolled_back(self, event: Paid) -> None:
        self.seen.append("app rolled back")


@service
class Till:
    def __init__(self, events: EventPublisher, context: ApplicationContext, ends: Ends) -> None:
        self.events, self.context, self.ends = events, context, ends

    async def publish(self) -> None:
        await self.events.publish(Paid())
        await self.context.event_bus.publish(Paid())

    @transactional
    async def pay(self, failure: Exception | None = None) -> None:
        await self.publish()
        self.ends.seen.append("paid")
        if failure is not None:
            raise failure


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": "sqlite://"}, "banner": {"mode": "OFF"}}}))
    context.register_bean(Ends)
    context.register_bean(Till)
    async with context:
        yield context.get_bean(Till)


async def test_listeners_are_called_at_the_end_that_they_wait_for(till: Till) -> None:
    await till.pay()
    assert till.ends.seen == ["paid", "before commit", "app before commit", "committed", "ended"]


async def test_listeners_are_told_of_a_rollback(till: Till) -> None:
    with pytest.raises(LookupError):
        await till.pay(LookupError())
    assert till.ends.seen == ["paid", "rolled back", "ended", "app rolled back"]


async def test_a_listener_before_the_commit_prevents_it(till: Till) -> None:
    till.ends.seen.append("veto")
    with pytest.raises(ValueError, match="vetoed"):
        await till.pay()
    assert till.ends.seen == ["veto", "paid", "before commit", "rolled back", "ended", "app rolled back"]


async def test_without_a_transaction_nothing_rolls_back_and_the_rest_is_called_at_once(till: Till) -> None:
    await till.publish()
    assert till.ends.seen == ["before commit", "committed", "ended", "app before commit"]
