from collections.abc import AsyncIterator

from pyfly.container import Container
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


class Wrong:
    @transactional
    def plain(self) -> None: ...

    @transactional
    async def rows(self) -> AsyncIterator[int]:
        yield 1


def problems(*classes: type) -> list[str]:
    container = Container()
    for cls in classes:
        container.register(cls)
    return [str(problem) for problem in TransactionalCheck().problems(container)]


def test_an_async_method_can_be_transactional() -> None:
    assert problems(Unused, Sound) == []


def test_every_method_that_is_not_awaited_is_reported() -> None:
    first, second = problems(Unused, Wrong)
    assert first.startswith("Wrong.plain (tests/data/test_checks.py:")
    assert second.startswith("Wrong.rows (tests/data/test_checks.py:")


def test_a_transaction_that_nobody_manages_is_reported_once_per_class() -> None:
    [problem] = problems(Sound)
    assert problem.endswith("is @transactional, and there is no TransactionManager.")


def test_without_transactional_methods_nobody_needs_a_manager() -> None:
    assert problems(Unused) == []
    assert problems(str) == []
