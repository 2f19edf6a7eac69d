"""Builds the data source that the configuration describes."""

from sqlalchemy import MetaData

from pyfly.container.container import Container
from pyfly.core.config import ConfigurationError
from pyfly.data.relational.properties import DataProperties
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.derived import entity_of
from pyfly.data.relational.sqlalchemy.entity import Base
from pyfly.data.relational.sqlalchemy.repository import Repository


def data_source(properties: DataProperties, container: Container) -> DataSource:
    """Return the data source of *properties*, which knows the tables of all repositories in *container*.

    Raises:
        ConfigurationError: No address is configured.
    """
    if not properties.url:
        raise ConfigurationError(
            "pyfly.data.enabled is true, but pyfly.data.url is not set",
            key="pyfly.data.url",
            expected="the address of a database",
            fix="Set pyfly.data.url, for example to sqlite:///app.db.",
        )
    return DataSource(
        properties.url,
        pool_size=properties.pool_size,
        connect_timeout=properties.connect_timeout,
        echo=properties.echo,
        schema=properties.schema,
        metadata=_metadata(container),
    )


def _metadata(container: Container) -> list[MetaData]:
    """Return the tables to make: those of the common base and of every entity with a repository."""
    entities = [entity_of(definition.type) for definition in container.definitions_of(Repository)]
    found = [Base.metadata, *(entity.metadata for entity in entities if hasattr(entity, "metadata"))]
    return list(dict.fromkeys(found))
