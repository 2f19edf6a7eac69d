"""Waiting for the end of a transaction without knowing who manages it."""

from pyfly.data.transaction_phase import CurrentTransactionPhase
from pyfly.data.transactions import Transaction, TransactionManager, TransactionOptions


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
