"""Chooses the relational adapter: a data source, its transactions and its repositories."""

import sys
from collections.abc import Iterable
from typing import Any

from pyfly import data  # both are lazy packages: their names are loaded when they are first used
from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
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
from pyfly.data import relational
from pyfly.data.checks import TransactionalCheck
from pyfly.data.relational import sqlalchemy

_ADAPTER = "pyfly.data.relational.sqlalchemy"


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
        if facts.property("pyfly.data.url"):
            return Outcome(True, "pyfly.data.url is set")
        if _is_loaded("relational.sqlalchemy.data_source") and facts.beans(sqlalchemy.DataSource):
            return Outcome(True, "there is a DataSource")
        return Outcome(False, "pyfly.data.url is not set", "Set pyfly.data.url.")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_database"}


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


@auto_configuration
@adapter("data", "sqlalchemy")
@conditional_on_class("sqlalchemy")
@conditional(OnDatabase())
class RelationalAutoConfiguration:
    """The default data source, its transaction manager, and what implements repositories."""

    @bean
    @conditional_on_missing_bean(f"{_ADAPTER}.data_source.DataSource")
    def data_source(
        self, properties: "relational.DataProperties", context: ApplicationContext
    ) -> "sqlalchemy.DataSource":
        """Make the data source that ``pyfly.data`` describes."""
        from pyfly.data.relational.sqlalchemy.factory import data_source

        return data_source(properties, context.container)

    @bean
    @conditional_on_missing_bean(f"{_ADAPTER}.transaction_manager.SqlAlchemyTransactionManager")
    def transaction_manager(
        self, data_source: "sqlalchemy.DataSource"
    ) -> "sqlalchemy.SqlAlchemyTransactionManager":
        """Make the manager whose transactions repositories join."""
        return sqlalchemy.SqlAlchemyTransactionManager(data_source)

    @bean
    def derived_query_interceptor(self) -> "sqlalchemy.DerivedQueryInterceptor":
        """Implement repository methods from their names."""
        return sqlalchemy.DerivedQueryInterceptor()


@auto_configuration(after=(RelationalAutoConfiguration,))
@conditional_on_bean("pyfly.data.transactions.TransactionManager")
class TransactionAutoConfiguration:
    """Makes ``@transactional`` work, whoever manages the transactions."""

    @bean
    def transaction_interceptor(
        self, managers: "Provider[data.TransactionManager]"
    ) -> "data.TransactionInterceptor":
        """Wrap transactional methods."""
        return data.TransactionInterceptor(managers)

    @bean
    def transaction_phase(self) -> TransactionPhase:
        """Let listeners of events wait for the commit."""
        from pyfly.data.transaction_phase import CurrentTransactionPhase

        return CurrentTransactionPhase()


def _is_loaded(module: str) -> bool:
    return f"pyfly.data.{module}" in sys.modules
