"""T39: of writers that change one row at the same time none is lost: the loser is told, or tries again."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from pyfly.container import MethodTarget
from pyfly.container.providers import Provider
from pyfly.data import Isolation, TransactionConflictError, TransactionManager, transactional
from pyfly.data.interceptor import TransactionInterceptor
from pyfly.data.relational.properties import PoolProperties
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.kernel.exceptions import ConcurrencyException
from tests.faults.bank import EACH, Account, balance, bank_url, change, opened

__all__ = ["bank_url"]


@pytest.fixture
async def manager(bank_url: str) -> AsyncIterator[SqlAlchemyTransactionManager]:
    manager = await opened(bank_url, PoolProperties(max_size=10))
    yield manager
    await manager.source.stop()


def find(session: Session, number: int) -> Account:
    found = session.get(Account, number)
    assert found is not None
    return found


def store(session: Session, account: Account) -> None:
    session.add(account)
    session.flush()


async def increment(manager: SqlAlchemyTransactionManager, chance: random.Random) -> bool:
    """Increase the balance of what may be old; return whether nobody was faster."""
    account = await manager.read(find, 1)
    for _ in range(chance.randrange(3)):
        await asyncio.sleep(0)
    account.balance += 1
    try:
        await manager.write(store, account)
    except ConcurrencyException:
        return False
    return True


async def contend(manager: SqlAlchemyTransactionManager, writers: int, times: int, tally: Any) -> None:
    chance = random.Random(39)

    async def writer() -> int:
        return sum([await increment(manager, chance) for _ in range(times)])

    successes = sum(await asyncio.gather(*(writer() for _ in range(writers))))
    assert await manager.read(balance, 1) == EACH + successes
    assert len(manager.source.holders) == 0
    tally(writers * times, writers * times - successes)


async def test_no_update_is_lost_and_every_loser_is_told(
    manager: SqlAlchemyTransactionManager, tally: Any
) -> None:
    await contend(manager, 10, 20, tally)


@pytest.mark.nightly
async def test_no_update_of_fifty_writers_is_lost(manager: SqlAlchemyTransactionManager, tally: Any) -> None:
    await contend(manager, 50, 200, tally)


class Counter:
    """Adds without a version: only its isolation level protects it."""

    def __init__(self, manager: SqlAlchemyTransactionManager) -> None:
        self.manager = manager
        self.attempts = 0

    @transactional(isolation=Isolation.SERIALIZABLE)
    async def add(self) -> None:
        self.attempts += 1
        before = await self.manager.read(balance, 1)
        await asyncio.sleep(0)
        await self.manager.write(change, 1, 1 if before else 0)


def advised(manager: SqlAlchemyTransactionManager) -> Any:
    providers = cast("Provider[TransactionManager]", Fixed(manager))
    target = MethodTarget("counter", Counter, "add", Counter.add)
    wrap = TransactionInterceptor(providers).intercept(target)
    assert wrap is not None
    return wrap(Counter.add)


class Fixed:
    """Provides one manager."""

    def __init__(self, manager: TransactionManager) -> None:
        self.manager = manager

    def get(self) -> TransactionManager:
        return self.manager


async def test_serialisation_failures_are_attempted_again_three_times_at_most(
    manager: SqlAlchemyTransactionManager, tally: Any
) -> None:
    counter, add = Counter(manager), advised(manager)
    calls = 40
    outcomes: list[Any] = []
    for _ in range(0, calls, 4):
        outcomes += await asyncio.gather(*(add(counter) for _ in range(4)), return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert {type(outcome) for outcome in refused} <= {TransactionConflictError}
    assert await manager.read(balance, 1) == EACH + calls - len(refused)
    assert calls <= counter.attempts <= 3 * calls
    tally(calls, counter.attempts - calls)
