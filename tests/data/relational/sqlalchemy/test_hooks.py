import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import (
    SqlClient,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.office.records import Letters, Listener, Papers

Manager = SqlAlchemyTransactionManager


async def test_hooks_hear_of_the_statements_of_every_data_source(office: PyFlyApplication) -> None:
    listener = office.context.get_bean(Listener)
    listener.seen.clear()
    await office.context.get_bean(Letters).count()
    await office.context.get_bean(Papers).count()
    assert "default: SELECT" in listener.seen
    assert "archive: SELECT" in listener.seen
    with pytest.raises(Exception, match="refused"):
        await office.context.get_bean(SqlClient).query("SELECT * FROM nowhere")
    assert listener.refused


async def test_a_good_start_has_no_refused_statements(office: PyFlyApplication) -> None:
    assert office.context.get_bean(Listener).refused == []
