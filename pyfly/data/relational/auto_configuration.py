"""Chooses the relational adapter: a data source, its transactions and its repositories."""

import sys
from collections.abc import Iterable
from typing import Any

from pyfly import data  # a lazy package: its names are loaded when they are first used
from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.providers import Provider
from pyfly.context.application_context import ApplicationContext
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    adapter,
    auto_configuration,
    conditional,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_missing_bean,
)
from pyfly.context.events import TransactionPhase
from pyfly.core.config import Config
from pyfly.data import relational
from pyfly.data.checks import TransactionalCheck
from pyfly.data.naming import manager_name
from pyfly.data.relational import sqlalchemy
from pyfly.data.relational.default_address import VARIABLE, environment_address

_ADAPTER = "pyfly.data.relational.sqlalchemy"
_ENTITIES = "relational.sqlalchemy.repository"
_CLIENT = "relational.sqlalchemy.sql_client"
_ADDRESSES = ("pyfly.data.url", "pyfly.data.engine", "pyfly.data.datasources")


def _named_data_sources(config: Config, container: Container) -> Iterable[BeanDefinition]:
    if not config.get_section("pyfly.data.datasources"):
        return ()
    from pyfly.data.relational.sqlalchemy.factory import named_definitions

    return named_definitions(config, container)


class OnDatabase:
    """Holds when a database is configured, or the application brings a ``DataSource`` of its own."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look at the switch, then at the address, then at the beans."""
        enabled = str(facts.property("pyfly.data.enabled")).lower()
        if enabled == "false":
            return Outcome(False, "pyfly.data.enabled is false", "Set pyfly.data.enabled: auto.")
        if enabled == "true":
            return Outcome(True, "pyfly.data.enabled is true")
        if _is_in_memory(facts) and any(map(_is_loaded, (_ENTITIES, _CLIENT))):
            return Outcome(True, "pyfly.data.provider is memory")
        if (addressed := _addressed(facts, _ADDRESSES)) is not None:
            return addressed
        if _is_loaded("relational.sqlalchemy.data_source") and facts.beans(sqlalchemy.DataSource):
            return Outcome(True, "there is a DataSource")
        return Outcome(False, "pyfly.data.url is not set", "Set pyfly.data.url.")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_database"}


class OnDefaultDatabase:
    """Holds when the default data source is configured: with others alone, there is none."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look at the switch, then at the address."""
        if str(facts.property("pyfly.data.enabled")).lower() == "true":
            return Outcome(True, "pyfly.data.enabled is true")
        if _is_in_memory(facts) and not facts.property(_ADDRESSES[2]):
            return Outcome(True, "pyfly.data.provider is memory")
        addressed = _addressed(facts, _ADDRESSES[:2])
        return addressed or Outcome(False, "pyfly.data.url is not set", "Set pyfly.data.url.")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_default_database"}


class OnAggregates:
    """Holds when there can be aggregates: their base class has been imported."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look among the imported modules."""
        found = "pyfly.domain.model" in sys.modules
        return Outcome(found, f"pyfly.domain has {'' if found else 'not '}been imported")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_aggregates"}


class OnEntityHooks:
    """Holds when there can be hooks of entities: their decorators have been imported."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Look among the imported modules."""
        found = _is_loaded("entity_hooks")
        return Outcome(found, f"pyfly.data.entity_hooks has {'' if found else 'not '}been imported")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_entity_hooks"}


class RepositoryCheck(GraphCheck):
    """Reports every repository method that promises what its entity cannot keep."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        if not _is_loaded("relational.sqlalchemy.repository"):
            return  # There can be no repositories.
        from pyfly.data.relational.sqlalchemy.derived import invalid_methods

        for definition in container.definitions_of(sqlalchemy.Repository):
            for failure in invalid_methods(definition.type):
                yield Problem(failure.diagnosis, failure)


@auto_configuration(checks=(RepositoryCheck, TransactionalCheck))
class DataDeclarationsAutoConfiguration:
    """Checks what applications declare about data, whether or not a database is configured."""


@auto_configuration(contributes=(_named_data_sources,))
@adapter("data", "sqlalchemy")
@conditional_on_class("sqlalchemy")
@conditional(OnDatabase())
class RelationalAutoConfiguration:
    """The data sources, their transaction managers, and what implements repositories."""

    @bean
    def data_sources(
        self, properties: "relational.DataProperties", context: ApplicationContext
    ) -> "sqlalchemy.DataSources":
        """Know the data sources that ``pyfly.data`` describes."""
        return sqlalchemy.DataSources(properties, context.container)

    @bean(primary=True)
    @conditional(OnDefaultDatabase())
    @conditional_on_missing_bean(f"{_ADAPTER}.data_source.DataSource")
    def data_source(self, data_sources: "sqlalchemy.DataSources") -> "sqlalchemy.DataSource":
        """Make the default data source."""
        return data_sources.get()

    @bean(primary=True)
    @conditional_on_bean(f"{_ADAPTER}.data_source.DataSource")
    @conditional_on_missing_bean(f"{_ADAPTER}.transaction_manager.SqlAlchemyTransactionManager")
    def transaction_manager(
        self, data_source: "sqlalchemy.DataSource", data_sources: "sqlalchemy.DataSources"
    ) -> "sqlalchemy.SqlAlchemyTransactionManager":
        """Make the manager whose transactions repositories join."""
        return data_sources.manager(data_source)

    @bean(primary=True)
    @conditional_on_bean(f"{_ADAPTER}.transaction_manager.SqlAlchemyTransactionManager")
    @conditional_on_missing_bean(f"{_ADAPTER}.sql_client.SqlClient")
    def sql_client(self, manager: "sqlalchemy.SqlAlchemyTransactionManager") -> "sqlalchemy.SqlClient":
        """Run SQL by hand in the default data source."""
        return sqlalchemy.SqlClient(manager)

    @bean
    @conditional_on_bean(f"{_ADAPTER}.transaction_manager.SqlAlchemyTransactionManager")
    @conditional_on_missing_bean("sqlalchemy.ext.asyncio.AsyncSession")
    def current_session(
        self, manager: "sqlalchemy.SqlAlchemyTransactionManager"
    ) -> "sqlalchemy.CurrentSession":
        """Offer the session of the current transaction to those who ask for an ``AsyncSession``."""
        return sqlalchemy.CurrentSession(manager)

    @bean
    @conditional_on_missing_bean(f"{_ADAPTER}.connection_manager.ConnectionManager")
    def connection_manager(self, context: ApplicationContext) -> "sqlalchemy.ConnectionManager":
        """Offer connections of every data source."""
        return sqlalchemy.ConnectionManager(sqlalchemy.managers_of(context.container))

    @bean
    def data_sources_endpoint(self, context: ApplicationContext) -> "relational.DataSourcesEndpoint":
        """Report connections and statements where there is an actuator."""
        return relational.DataSourcesEndpoint(context.container)

    @bean
    def derived_query_interceptor(self) -> "sqlalchemy.DerivedQueryInterceptor":
        """Implement repository methods from their names."""
        return sqlalchemy.DerivedQueryInterceptor()


@auto_configuration(
    after=(RelationalAutoConfiguration, "pyfly.eda.auto_configuration.EventsAutoConfiguration")
)
@conditional_on_bean("pyfly.data.transactions.TransactionManager")
class TransactionAutoConfiguration:
    """Makes ``@transactional`` work, whoever manages the transactions."""

    @bean
    def transaction_interceptor(
        self, managers: "Provider[data.TransactionManager]", context: ApplicationContext
    ) -> "data.TransactionInterceptor":
        """Wrap transactional methods."""

        def named(datasource: str) -> "data.TransactionManager":
            manager: data.TransactionManager = context.container.resolve_by_name(manager_name(datasource))
            return manager

        return data.TransactionInterceptor(managers, named)

    @bean
    def transaction_phase(self) -> TransactionPhase:
        """Let listeners of events wait for the commit."""
        from pyfly.data.transaction_phase import CurrentTransactionPhase

        return CurrentTransactionPhase()

    @bean
    @conditional(OnAggregates())
    @conditional_on_bean("pyfly.eda.ports.outbound.EventPublisher")
    def aggregate_events(self, context: ApplicationContext) -> "data.SaveListener":
        """Publish what saved aggregates have recorded."""
        from pyfly.data.aggregates import AggregateEvents
        from pyfly.eda.ports.outbound import EventPublisher

        port: Any = EventPublisher  # type checkers want a concrete class where a type is asked for
        return AggregateEvents(lambda: context.aget_bean(port))

    @bean
    @conditional(OnEntityHooks())
    def entity_hooks(self, context: ApplicationContext) -> "data.EntityHooks":
        """Call the hooks of entities."""
        from pyfly.data.entity_hooks import DeclaredHooks

        return DeclaredHooks(context.container)


def _is_in_memory(facts: Facts) -> bool:
    return str(facts.property("pyfly.data.provider")).lower() == "memory"


def _addressed(facts: Facts, keys: Iterable[str]) -> Outcome | None:
    """Return that one of *keys* is set, or that the environment has a database for the repositories there are."""
    for key in keys:
        if facts.property(key):
            return Outcome(True, f"{key} is set")
    is_handed_over = _is_loaded(_ENTITIES) and environment_address()
    return Outcome(True, f"{VARIABLE} is set") if is_handed_over else None


def _is_loaded(module: str) -> bool:
    return f"pyfly.data.{module}" in sys.modules
