import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import (
    IllegalTransactionStateError,
    TransactionConflictError,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.conftest import OfficeBuild
from tests.data.office.records import Clerk, Letter

Manager = SqlAlchemyTransactionManager


async def test_a_unit_that_the_database_gives_up_is_attempted_again(office: PyFlyApplication) -> None:
    clerk = office.context.get_bean(Clerk)
    assert await clerk.collide(2) == 3
    assert await clerk.titles() == ["attempt 3"]


async def test_after_three_attempts_the_caller_is_told(office: PyFlyApplication) -> None:
    clerk = office.context.get_bean(Clerk)
    with pytest.raises(TransactionConflictError):
        await clerk.collide(3)
    assert clerk.attempts == 3


async def test_a_unit_that_was_handed_an_entity_is_not_attempted_again(office: PyFlyApplication) -> None:
    clerk, letter = office.context.get_bean(Clerk), Letter(title="Dear Sir")
    with pytest.raises(TransactionConflictError):
        await clerk.amend(letter)
    assert (clerk.attempts, letter.title) == (1, "Dear Sir!")


async def test_only_the_outermost_unit_is_attempted_again(office: PyFlyApplication) -> None:
    clerk = office.context.get_bean(Clerk)
    manager = office.context.get_bean(SqlAlchemyTransactionManager)
    with pytest.raises(IllegalTransactionStateError):
        async with manager.transaction():
            await clerk.collide(1)
    assert clerk.attempts == 0


async def test_what_is_repeated_can_be_left_to_other_failures(office_with: OfficeBuild, url: str) -> None:
    async with office_with(url, retry={"errors": ["connection"]}) as office:
        clerk = office.context.get_bean(Clerk)
        with pytest.raises(TransactionConflictError):
            await clerk.collide(2)
        assert clerk.attempts == 1
