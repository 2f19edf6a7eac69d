"""What repositories in memory need: transactions, and the implementation of their query methods."""

from collections.abc import Iterable

from pyfly.container.bean import bean
from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.exceptions import Problem, WiringError
from pyfly.context.conditions import auto_configuration, conditional_on_bean, conditional_on_missing_bean
from pyfly.data.memory.queries import QUERIES
from pyfly.data.memory.repository import MemoryRepository
from pyfly.data.memory.transaction_manager import MemoryTransactionManager
from pyfly.data.query_interceptor import QueryMethodInterceptor
from pyfly.data.relational.properties import DataProperties

_RELATIONAL = "pyfly.data.relational.auto_configuration"


class MemoryRepositoryCheck(GraphCheck):
    """Reports every repository method that promises what its entity cannot keep."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        for definition in container.definitions_of(MemoryRepository):
            for failure in QUERIES.invalid(definition.type):
                yield Problem(failure.diagnosis, failure)


@auto_configuration(
    after=(f"{_RELATIONAL}.RelationalAutoConfiguration",),
    before=(f"{_RELATIONAL}.TransactionAutoConfiguration",),
    checks=(MemoryRepositoryCheck,),
)
@conditional_on_bean(MemoryRepository)
class MemoryAutoConfiguration:
    """The store in memory, beside a database or without one."""

    @bean(fallback=True)
    @conditional_on_missing_bean(MemoryTransactionManager)
    def memory_transactions(self, properties: DataProperties) -> MemoryTransactionManager:
        """Make the manager whose transactions repositories in memory join."""
        retry = properties.retry
        return MemoryTransactionManager(
            max_attempts=retry.max_attempts, backoff=retry.backoff, errors=retry.errors
        )

    @bean
    @conditional_on_missing_bean(QueryMethodInterceptor)
    def memory_query_interceptor(self) -> QueryMethodInterceptor:
        """Implement repository methods from their names."""
        return QueryMethodInterceptor()
