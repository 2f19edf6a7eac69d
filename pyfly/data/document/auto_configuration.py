"""Chooses the document adapter: a database, its transactions and its repositories."""

import sys
from collections.abc import Iterable
from typing import Any

from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import Problem, WiringError
from pyfly.context.application_context import ApplicationContext
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    adapter,
    auto_configuration,
    conditional,
    conditional_on_class,
    conditional_on_missing_bean,
)
from pyfly.data import document, relational
from pyfly.data.document import mongodb
from pyfly.data.query_interceptor import QueryMethodInterceptor

_RELATIONAL = "pyfly.data.relational.auto_configuration"
_MONGODB = "pyfly.data.document.mongodb"


class OnDocumentDatabase:
    """Holds when a document database is configured."""

    runs_in = Pass.EARLY

    def check(self, facts: Facts) -> Outcome:
        """Look at the switch, then at the address."""
        enabled = str(facts.property("pyfly.data.document.enabled")).lower()
        if enabled == "false":
            return Outcome(
                False, "pyfly.data.document.enabled is false", "Set pyfly.data.document.enabled: auto."
            )
        if enabled == "true":
            return Outcome(True, "pyfly.data.document.enabled is true")
        if facts.property("pyfly.data.document.uri"):
            return Outcome(True, "pyfly.data.document.uri is set")
        return Outcome(False, "pyfly.data.document.uri is not set", "Set pyfly.data.document.uri.")

    def published(self) -> dict[str, Any]:
        """Return the published form."""
        return {"type": "on_document_database"}


class DocumentRepositoryCheck(GraphCheck):
    """Reports every repository method that promises what its document cannot keep."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        if f"{_MONGODB}.repository" not in sys.modules:
            return  # There can be no repositories.
        from pyfly.data.document.mongodb.queries import QUERIES

        for definition in container.definitions_of(mongodb.MongoRepository):
            for failure in QUERIES.invalid(definition.type):
                yield Problem(failure.diagnosis, failure)


@auto_configuration(
    after=(f"{_RELATIONAL}.RelationalAutoConfiguration",),
    before=(f"{_RELATIONAL}.TransactionAutoConfiguration",),
    checks=(DocumentRepositoryCheck,),
)
@adapter("document", "mongodb")
@conditional_on_class("pymongo")
@conditional_on_class("beanie")
@conditional(OnDocumentDatabase())
class DocumentAutoConfiguration:
    """The database, the manager of its transactions, and what implements repositories."""

    @bean
    @conditional_on_missing_bean(f"{_MONGODB}.database.MongoDatabase")
    def mongo_database(
        self,
        properties: "document.DocumentProperties",
        data: "relational.DataProperties",
        context: ApplicationContext,
    ) -> "mongodb.MongoDatabase":
        """Make the database with the documents of the application."""
        from pyfly.data.document.mongodb.factory import database

        return database(properties, data, context.container)

    @bean(fallback=True)
    @conditional_on_missing_bean(f"{_MONGODB}.transaction_manager.MongoTransactionManager")
    def document_transaction_manager(
        self, mongo_database: "mongodb.MongoDatabase"
    ) -> "mongodb.MongoTransactionManager":
        """Return the manager whose transactions repositories join; ``@transactional("document")`` names it."""
        return mongo_database.transactions

    @bean
    @conditional_on_missing_bean(QueryMethodInterceptor)
    def document_query_interceptor(self) -> QueryMethodInterceptor:
        """Implement repository methods from their names."""
        return QueryMethodInterceptor()
