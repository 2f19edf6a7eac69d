import pytest
from sqlalchemy import inspect

from pyfly.container import Container
from pyfly.core.config import ConfigurationError
from pyfly.data.relational.properties import DataProperties, SchemaMode
from pyfly.data.relational.sqlalchemy.factory import data_source
from tests.data.relational.sqlalchemy.conftest import StockItems


async def test_the_tables_of_every_repository_are_made() -> None:
    container = Container()
    container.register(StockItems)
    source = data_source(DataProperties(url="sqlite://", schema=SchemaMode.CREATE), container)
    await source.start()
    async with source.engine.connect() as connection:
        tables = await connection.run_sync(lambda on: inspect(on).get_table_names())
    assert "items" in tables
    await source.stop()


def test_an_address_is_required() -> None:
    with pytest.raises(ConfigurationError, match=r"pyfly\.data\.url is not set"):
        data_source(DataProperties(), Container())
