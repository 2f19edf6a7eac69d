from datetime import timedelta
from typing import Any

import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import (
    DataSource,
    TransactionTimedOutError,
    transactional,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from pyfly.data.transaction_options import transaction_options
from tests.data.office.records import Clerk

Manager = SqlAlchemyTransactionManager


async def test_a_nested_method_called_through_self_rolls_back_alone(office: PyFlyApplication) -> None:
    clerk = office.context.get_bean(Clerk)
    await clerk.write_with_note("letter")
    assert await clerk.titles() == ["letter"]


async def test_a_transaction_that_takes_too_long_is_rolled_back(office: PyFlyApplication) -> None:
    clerk = office.context.get_bean(Clerk)
    with pytest.raises(TransactionTimedOutError, match=r"0\.05 s"):
        await clerk.dawdle()
    assert await clerk.titles() == []
    assert len(office.context.get_bean(DataSource).holders) == 0


@pytest.mark.parametrize("wrong", [{"timeout": "0s"}, {"timeout": "soon"}, {"retry": 0}])
def test_options_that_make_no_sense_are_refused_where_they_are_written(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"transaction|duration"):
        transactional(**wrong)


def test_one_exception_may_stand_for_itself_and_a_number_for_seconds() -> None:
    options = transaction_options(timeout=2, no_rollback_for=LookupError)
    assert options.timeout == timedelta(seconds=2)
    assert not options.rolls_back(KeyError())
