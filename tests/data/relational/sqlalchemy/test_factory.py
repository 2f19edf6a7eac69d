import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import Container
from pyfly.core.config import Config, ConfigurationError
from pyfly.data.relational.properties import DataProperties, DataSourceProperties
from pyfly.data.relational.sqlalchemy import Base, Repository
from pyfly.data.relational.sqlalchemy.factory import DataSources
from tests.data.relational.sqlalchemy.conftest import Categories, Shop


class Rows(DeclarativeBase):
    """The tables of another data source."""


class Row(Rows):
    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)


class RowRepository(Repository[Row, int], datasource="analytics"):
    pass


@pytest.fixture
def container() -> Container:
    container = Container()
    container.register_instance(Config({}))
    return container


def test_the_data_source_knows_the_tables_of_every_repository(container: Container) -> None:
    container.register(Categories)
    source = DataSources(DataProperties(url="sqlite://"), container).get()
    assert source.metadata == (Base.metadata, Shop.metadata)


def test_each_data_source_knows_the_tables_of_its_own_repositories(container: Container) -> None:
    container.register(Categories)
    container.register(RowRepository)
    named = {"analytics": DataSourceProperties(url="sqlite://")}
    sources = DataSources(DataProperties(url="sqlite://", datasources=named), container)
    assert sources.get().metadata == (Base.metadata, Shop.metadata)
    assert sources.get("analytics").metadata == (Rows.metadata,)
    assert sources.get("analytics") is sources.get("analytics")


def test_without_an_address_there_is_no_data_source() -> None:
    container = Container()
    container.register_instance(Config({"pyfly": {"profiles": {"active": "production"}}}))
    with pytest.raises(ConfigurationError) as raised:
        DataSources(DataProperties(), container).get()
    assert raised.value.key == "pyfly.data.url"


def test_a_replica_has_to_be_one_of_the_data_sources(container: Container) -> None:
    with pytest.raises(ConfigurationError, match="'nowhere', which is not configured"):
        DataSources(DataProperties(url="sqlite://", replica="nowhere"), container).get()
