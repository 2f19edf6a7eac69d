import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from pyfly.data import TransactionManager, UnexpectedRollbackError, after_commit, after_rollback
from pyfly.data.transactions import Transaction, TransactionOptions


class Journal(TransactionManager):
    """A manager that writes down what it is asked to do."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self.refuse_commit = False

    async def begin(self, options: TransactionOptions) -> Transaction:
        self.entries.append("begin")
        return Transaction(self, options)

    async def commit(self, transaction: Transaction) -> None:
        await asyncio.sleep(0)
        if self.refuse_commit:
            raise RuntimeError("commit refused")
        self.entries.append("commit")

    async def rollback(self, transaction: Transaction) -> None:
        await asyncio.sleep(0)
        self.entries.append("rollback")


@pytest.fixture
def journal() -> Journal:
    return Journal()


async def test_a_block_that_ends_is_committed(journal: Journal) -> None:
    async with journal.transaction():
        assert journal.current() is not None
    assert journal.entries == ["begin", "commit"]
    assert journal.current() is None


async def test_a_block_that_raises_is_rolled_back(journal: Journal) -> None:
    with pytest.raises(LookupError):
        async with journal.transaction():
            raise LookupError
    assert journal.entries == ["begin", "rollback"]


async def test_an_inner_block_joins(journal: Journal) -> None:
    async with journal.transaction() as outer, journal.transaction() as inner:
        assert inner is outer
    assert journal.entries == ["begin", "commit"]


async def test_transactions_of_two_managers_do_not_join(journal: Journal) -> None:
    other = Journal()
    async with journal.transaction(), other.transaction():
        assert journal.current() is not other.current()
    assert journal.entries == other.entries == ["begin", "commit"]


async def test_a_swallowed_inner_failure_ends_in_an_unexpected_rollback(journal: Journal) -> None:
    failure = LookupError("inner")

    async def work() -> None:
        async with journal.transaction():
            with contextlib.suppress(LookupError):
                async with journal.transaction():
                    raise failure

    with pytest.raises(UnexpectedRollbackError) as raised:
        await work()
    assert raised.value.__cause__ is failure
    assert journal.entries == ["begin", "rollback"]


async def test_cancellation_rolls_back_even_when_no_exception_does(journal: Journal) -> None:
    started = asyncio.Event()

    async def work() -> None:
        async with journal.transaction(TransactionOptions(no_rollback_for=(Exception,))):
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert journal.entries == ["begin", "rollback"]


async def test_a_second_cancellation_does_not_interrupt_the_rollback(journal: Journal) -> None:
    started = asyncio.Event()

    async def work() -> None:
        async with journal.transaction():
            started.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert journal.entries == ["begin", "rollback"]


@pytest.mark.parametrize(
    ("failure", "options", "rolls_back"),
    [
        (KeyError(), TransactionOptions(), True),
        (KeyError(), TransactionOptions(no_rollback_for=(KeyError,)), False),
        (KeyError(), TransactionOptions(no_rollback_for=(LookupError,)), False),
        (KeyError(), TransactionOptions(no_rollback_for=(LookupError,), rollback_for=(KeyError,)), True),
        (KeyError(), TransactionOptions(no_rollback_for=(KeyError,), rollback_for=(LookupError,)), False),
        (KeyboardInterrupt(), TransactionOptions(no_rollback_for=(Exception,)), True),
    ],
)
def test_the_nearest_named_class_decides(
    failure: BaseException, options: TransactionOptions, rolls_back: bool
) -> None:
    assert options.rolls_back(failure) is rolls_back


async def test_an_exempted_exception_commits_and_is_raised(journal: Journal) -> None:
    with pytest.raises(KeyError):
        async with journal.transaction(TransactionOptions(no_rollback_for=(KeyError,))):
            raise KeyError
    assert journal.entries == ["begin", "commit"]


async def test_callbacks_run_after_the_commit_and_outside_of_it(journal: Journal) -> None:
    async def note() -> None:
        journal.entries.append(f"async, current: {journal.current()}")

    async with journal.transaction():
        after_commit(lambda: journal.entries.append("plain"))
        after_commit(note)
        after_rollback(lambda: journal.entries.append("never"))
    assert journal.entries == ["begin", "commit", "plain", "async, current: None"]


@pytest.mark.parametrize("broken", ["block", "commit"])
async def test_after_rollback_runs_whatever_failed(journal: Journal, broken: str) -> None:
    journal.refuse_commit = broken == "commit"

    async def work() -> None:
        async with journal.transaction():
            after_rollback(lambda: journal.entries.append("undone"))
            after_commit(lambda: journal.entries.append("never"))
            if broken == "block":
                raise LookupError

    with pytest.raises((LookupError, RuntimeError)):
        await work()
    assert journal.entries[-1] == "undone"


async def test_a_failing_callback_costs_no_other_one_its_turn(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise LookupError("callback")

    async with journal.transaction():
        after_commit(fail)
        after_commit(lambda: journal.entries.append("second"))
    assert journal.entries == ["begin", "commit", "second"]
    assert "callback" in caplog.text


@pytest.mark.parametrize("register", [after_commit, after_rollback])
def test_callbacks_need_a_transaction(register: Callable[..., None]) -> None:
    with pytest.raises(RuntimeError, match="No transaction"):
        register(print)


async def test_a_task_that_outlives_the_transaction_does_not_join_it(journal: Journal) -> None:
    ended = asyncio.Event()

    async def later() -> bool:
        await ended.wait()
        return journal.current() is None

    async with journal.transaction():
        task = asyncio.create_task(later())
    ended.set()
    assert await task


async def test_generators_that_suspend_inside_a_transaction_leave_nothing_behind(journal: Journal) -> None:
    async def rows() -> AsyncIterator[int]:
        async with journal.transaction():
            yield 1

    assert [row async for row in rows()] == [1]
    assert journal.current() is None
