from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pyfly.container import Container
from pyfly.container.exceptions import Problem
from pyfly.data import TransactionManager, transactional
from pyfly.data.checks import TransactionalCheck
from pyfly.data.transactions import Transaction, TransactionOptions


class Unused(TransactionManager):
    async def begin(self, options: TransactionOptions) -> Transaction:
        raise AssertionError

    async def commit(self, transaction: Transaction) -> None:
        raise AssertionError

    async def rollback(self, transaction: Transaction) -> None:
        raise AssertionError


class Sound:
    @transactional
    async def marked(self) -> None: ...

    @transactional
    def plain(self) -> None: ...


class Elsewhere:
    @transactional("analitics")
    async def report(self) -> None: ...


class Wrong:
    @transactional
    def numbers(self) -> Iterator[int]:
        yield 1

    @transactional
    async def rows(self) -> AsyncIterator[int]:
        yield 1


@transactional
class Mixed:
    def __init__(self, owners: Any) -> None:
        self.owners = owners

    async def waits(self) -> None: ...

    def helps(self) -> str:
        return "x"

    def stores(self) -> None:
        self.owners.sync.save(1)

    @transactional
    def stores_too(self) -> None:
        self.owners.sync.save(1)

    def _stores(self) -> None:
        self.owners.sync.save(1)


@transactional
class Likely:
    def __init__(self, owners: Any) -> None:
        self.owners = owners.sync

    async def waits(self) -> None: ...

    def stores(self) -> None:
        self.owners.save(1)


def problems(*classes: type) -> list[str]:
    container = Container()
    for cls in classes:
        container.register(cls)
    return [str(problem) for problem in TransactionalCheck().problems(container)]


def test_async_and_plain_methods_can_be_transactional() -> None:
    assert problems(Unused, Sound) == []


def test_generators_are_reported() -> None:
    first, second = problems(Unused, Wrong)
    assert first.startswith("Wrong.numbers (tests/data/test_checks.py:")
    assert second.startswith("Wrong.rows (tests/data/test_checks.py:")


def test_a_transaction_that_nobody_manages_is_reported_once_per_class() -> None:
    [problem] = problems(Sound)
    assert problem.endswith("is @transactional, and there is no TransactionManager.")


def test_without_transactional_methods_nobody_needs_a_manager() -> None:
    assert problems(Unused) == []
    assert problems(str) == []


def test_a_data_source_that_does_not_exist_is_reported_with_the_one_that_may_be_meant() -> None:
    container = Container()
    container.register(Unused, name="analytics_transaction_manager")
    container.register(Elsewhere)
    [problem] = TransactionalCheck().problems(container)
    assert "in data source 'analitics', which is not configured" in str(problem)
    assert isinstance(problem, Problem)
    assert problem.diagnosis.fix == ("Did you mean 'analytics'?",)


def test_a_plain_method_that_the_mark_on_its_class_does_not_reach_is_reported() -> None:
    [problem] = problems(Unused, Mixed)
    assert problem.startswith("Mixed.stores (tests/data/test_checks.py:")
    assert "is not transactional, although its class is marked" in problem


def test_one_that_may_use_the_database_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    assert problems(Unused, Likely) == []
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == ["Likely.stores"]
