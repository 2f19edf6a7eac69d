import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import (
    datasource_override,
)
from pyfly.data.relational.sqlalchemy import SqlAlchemyTransactionManager
from tests.data.office.records import Letter, Letters

Manager = SqlAlchemyTransactionManager


@pytest.mark.parametrize("url", ["file"], indirect=True)
async def test_a_block_can_use_another_data_source(office: PyFlyApplication) -> None:
    letters = office.context.get_bean(Letters)
    await letters.save(Letter(title="here"))
    with datasource_override("archive"), pytest.raises(Exception, match="refused"):
        await letters.count()
    with datasource_override("nowhere"), pytest.raises(LookupError, match="no data source 'nowhere'"):
        await letters.count()
    assert await letters.count() == 1
