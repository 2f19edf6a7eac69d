"""Data: one repository contract for every store, paging, derived queries and transactions.

Importing this package needs no database library; the adapters below ``pyfly.data.relational`` do.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.exceptions import DataAccessException as DataAccessException
    from pyfly.data.exceptions import NonUniqueResultError as NonUniqueResultError
    from pyfly.data.exceptions import UnexpectedRollbackError as UnexpectedRollbackError
    from pyfly.data.exceptions import UnknownPropertyError as UnknownPropertyError
    from pyfly.data.interceptor import TransactionInterceptor as TransactionInterceptor
    from pyfly.data.page import Page as Page
    from pyfly.data.page import Slice as Slice
    from pyfly.data.pageable import Order as Order
    from pyfly.data.pageable import Pageable as Pageable
    from pyfly.data.pageable import Sort as Sort
    from pyfly.data.ports.compiler import QueryMethodCompilerPort as QueryMethodCompilerPort
    from pyfly.data.ports.outbound import CrudRepository as CrudRepository
    from pyfly.data.ports.outbound import PagingRepository as PagingRepository
    from pyfly.data.ports.outbound import RepositoryPort as RepositoryPort
    from pyfly.data.ports.outbound import SessionPort as SessionPort
    from pyfly.data.query_parser import QueryMethodParser as QueryMethodParser
    from pyfly.data.relational.sqlalchemy.data_source import DataSource as DataSource
    from pyfly.data.transactions import Propagation as Propagation
    from pyfly.data.transactions import TransactionManager as TransactionManager
    from pyfly.data.transactions import after_commit as after_commit
    from pyfly.data.transactions import after_rollback as after_rollback
    from pyfly.data.transactions import transactional as transactional

__all__ = [
    "CrudRepository",
    "DataAccessException",
    "DataSource",
    "NonUniqueResultError",
    "Order",
    "Page",
    "Pageable",
    "PagingRepository",
    "Propagation",
    "QueryMethodCompilerPort",
    "QueryMethodParser",
    "RepositoryPort",
    "SessionPort",
    "Slice",
    "Sort",
    "TransactionInterceptor",
    "TransactionManager",
    "UnexpectedRollbackError",
    "UnknownPropertyError",
    "after_commit",
    "after_rollback",
    "transactional",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CrudRepository": "pyfly.data.ports.outbound",
        "DataAccessException": "pyfly.data.exceptions",
        "DataSource": "pyfly.data.relational.sqlalchemy.data_source",
        "NonUniqueResultError": "pyfly.data.exceptions",
        "Order": "pyfly.data.pageable",
        "Page": "pyfly.data.page",
        "Pageable": "pyfly.data.pageable",
        "PagingRepository": "pyfly.data.ports.outbound",
        "Propagation": "pyfly.data.transactions",
        "QueryMethodCompilerPort": "pyfly.data.ports.compiler",
        "QueryMethodParser": "pyfly.data.query_parser",
        "RepositoryPort": "pyfly.data.ports.outbound",
        "SessionPort": "pyfly.data.ports.outbound",
        "Slice": "pyfly.data.page",
        "Sort": "pyfly.data.pageable",
        "TransactionInterceptor": "pyfly.data.interceptor",
        "TransactionManager": "pyfly.data.transactions",
        "UnexpectedRollbackError": "pyfly.data.exceptions",
        "UnknownPropertyError": "pyfly.data.exceptions",
        "after_commit": "pyfly.data.transactions",
        "after_rollback": "pyfly.data.transactions",
        "transactional": "pyfly.data.transactions",
    },
)
