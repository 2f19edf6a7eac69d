"""Builds the data sources that the configuration describes, and what belongs to each."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from sqlalchemy import MetaData, Table, make_url

from pyfly.container.bean import Qualifier
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.context.environment import Environment
from pyfly.core.config import Config, ConfigurationError
from pyfly.data.naming import client_name, manager_name
from pyfly.data.ports.hooks import EntityHooks
from pyfly.data.relational.default_address import default_address
from pyfly.data.relational.keys import DEFAULT, key_of, option_of
from pyfly.data.relational.properties import DataProperties, DataSourceProperties, Provider, SchemaMode
from pyfly.data.relational.sqlalchemy.auditing import Auditing
from pyfly.data.relational.sqlalchemy.data_source import DataSource
from pyfly.data.relational.sqlalchemy.derived import entity_of
from pyfly.data.relational.sqlalchemy.dialects import address, is_in_memory
from pyfly.data.relational.sqlalchemy.entity import Base
from pyfly.data.relational.sqlalchemy.hooks import listen_to, tell_of_lazy_loads, tell_of_leaks
from pyfly.data.relational.sqlalchemy.migrations.settings import settings_of
from pyfly.data.relational.sqlalchemy.repository import Repository
from pyfly.data.relational.sqlalchemy.sql_client import SqlClient
from pyfly.data.relational.sqlalchemy.transaction_manager import SqlAlchemyTransactionManager


class DataSources:
    """The data sources of an application by name; each is made when it is first asked for."""

    def __init__(self, properties: DataProperties, container: Container) -> None:
        """Make data sources as *properties* say, with the tables of the repositories in *container*."""
        self._properties = properties
        self._container = container
        self._made: dict[str, DataSource] = {}

    def get(self, name: str = DEFAULT) -> DataSource:
        """Return the data source called *name*.

        Raises:
            ConfigurationError: It has no address, or a replica that does not exist.
        """
        source = self._made.get(name)
        if source is None:
            said = self._properties if name == DEFAULT else self._properties.datasources[name]
            source = self._made[name] = self._make(name, said)
            source.siblings = self._made
            listen_to(source, self._container)
            tell_of_leaks(source, self._container)
            tell_of_lazy_loads(source, self._container)
            Auditing(self._container, self._properties.id).attach(source)
            if said.replica and not self._is_in_memory:
                source.replica = self._replica(name, said.replica)
        return source

    def manager(self, source: DataSource) -> SqlAlchemyTransactionManager:
        """Return a manager of the transactions of *source*."""
        retry = self._properties.retry
        manager = SqlAlchemyTransactionManager(
            source, max_attempts=retry.max_attempts, backoff=retry.backoff, errors=retry.errors
        )
        for definition in self._container.definitions_of(EntityHooks):
            # Sessions that tell hooks are for programs that have some.
            from pyfly.data.relational.sqlalchemy.hooked_session import session_class

            manager.session_class = session_class(self._container.get(definition))
        return manager

    def _make(self, name: str, said: DataSourceProperties) -> DataSource:
        in_memory = self._is_in_memory
        if in_memory and self._is_production():
            raise _kept_in_memory_in_production()
        url = "sqlite://" if in_memory else address(said)
        if not url and name == DEFAULT:
            url = default_address(is_production=self._is_production())
        if not url:
            raise _without_address(name)
        if said.schema is SchemaMode.CREATE and self._is_production() and not is_in_memory(make_url(url)):
            raise _created_in_production(name)
        return DataSource(
            url,
            name=name,
            pool=said.pool,
            pool_size=said.pool_size,
            connect_timeout=said.connect_timeout,
            mode=said.mode,
            echo=said.echo,
            schema=SchemaMode.CREATE if in_memory else said.schema,
            metadata=self._metadata(name),
            tables_elsewhere=self._tables(name),
            optional=said.optional,
            collation=said.collation,
            migrations=settings_of(name, said.migrations, self._container.resolve(Config)),
        )

    @property
    def _is_in_memory(self) -> bool:
        return self._properties.provider is Provider.MEMORY

    def _is_production(self) -> bool:
        return Environment(self._container.resolve(Config)).is_production

    def _replica(self, name: str, replica: str) -> DataSource:
        if replica in self._properties.datasources:
            return self.get(replica)
        raise ConfigurationError(
            f"Data source '{name}' has the replica '{replica}', which is not configured",
            key=key_of(name, "replica"),
            expected=", ".join(sorted(self._properties.datasources)) or "the name of another data source",
            fix=f"Describe it under pyfly.data.datasources.{replica}.",
        )

    def _metadata(self, name: str) -> list[MetaData]:
        """Return the tables to make: those of entities with a repository, and for the default those of the base."""
        known = dict(self._entities())
        found = [entity.metadata for entity, datasource in known.items() if datasource == name]
        return list(dict.fromkeys([Base.metadata, *found] if name == DEFAULT else found))

    def _tables(self, name: str) -> frozenset[Table]:
        """Return the tables that are not for data source *name*: entities of other data sources have them."""
        mine: set[Table] = set()
        others: set[Table] = set()
        for entity, datasource in self._entities():
            (mine if datasource == name else others).update(entity.__mapper__.tables)
        if name != DEFAULT:
            others |= {table for metadata in self._metadata(name) for table in metadata.tables.values()}
        return frozenset(others - mine)

    def _entities(self) -> Iterator[tuple[Any, str]]:
        for definition in self._container.definitions_of(Repository):
            entity = entity_of(definition.type)
            if hasattr(entity, "metadata"):
                yield entity, getattr(definition.type, "_datasource", "") or DEFAULT


def managers_of(container: Container) -> Callable[[str], SqlAlchemyTransactionManager]:
    """Return what finds the transaction manager of a data source by its name; the empty one is the default."""

    def find(name: str) -> SqlAlchemyTransactionManager:
        if name in ("", DEFAULT):
            return container.resolve(SqlAlchemyTransactionManager)
        found: SqlAlchemyTransactionManager = container.resolve_by_name(manager_name(name))
        return found

    return find


def named_definitions(config: Config, _container: Container) -> Iterator[BeanDefinition]:
    """Yield the beans of each named data source: itself, its transaction manager, its client."""
    for name in config.bind(DataProperties).datasources:
        yield from _definitions(name)


def _definitions(name: str) -> Iterator[BeanDefinition]:
    def source(sources: DataSources) -> DataSource:
        return sources.get(name)

    def manager(
        sources: DataSources, source: Annotated[DataSource, Qualifier(name)]
    ) -> SqlAlchemyTransactionManager:
        return sources.manager(source)

    def client(manager: Annotated[SqlAlchemyTransactionManager, Qualifier(manager_name(name))]) -> SqlClient:
        return SqlClient(manager)

    yield BeanDefinition(
        DataSource, name=name, factory=source, auto=True, subsystem="data", provider="sqlalchemy"
    )
    yield BeanDefinition(SqlAlchemyTransactionManager, name=manager_name(name), factory=manager, auto=True)
    yield BeanDefinition(SqlClient, name=client_name(name), factory=client, auto=True)


def _created_in_production(name: str) -> ConfigurationError:
    key = key_of(name, "schema")
    return ConfigurationError(
        f"{key} is create, which is refused in production: it makes tables and never changes one",
        key=key,
        expected="migrate, validate or none",
        fix=f"Set {key}: migrate in the profile production; `pyfly db init{option_of(name)}` and "
        f"`pyfly db migrate{option_of(name)}` write the revisions.",
    )


def _kept_in_memory_in_production() -> ConfigurationError:
    return ConfigurationError(
        "pyfly.data.provider is memory, which is refused in production: everything would be lost with the process",
        key="pyfly.data.provider",
        expected="auto",
        fix="Leave pyfly.data.provider to the profiles of tests and development.",
    )


def _without_address(name: str) -> ConfigurationError:
    key = key_of(name, "url")
    reason = (
        "In production no database is assumed:"
        if name == DEFAULT
        else f"Data source '{name}' is configured, but"
    )
    return ConfigurationError(
        f"{reason} {key} is not set",
        key=key,
        expected="the address of a database",
        fix=f"Set {key}, for example to sqlite:///app.db.",
    )
