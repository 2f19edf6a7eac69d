"""Data: one repository contract for every store, paging, derived queries and transactions.

Importing this package needs no database library; the adapters below ``pyfly.data.relational`` do.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.deleted import include_deleted as include_deleted
    from pyfly.data.entity_hooks import after_create as after_create
    from pyfly.data.entity_hooks import after_delete as after_delete
    from pyfly.data.entity_hooks import after_load as after_load
    from pyfly.data.entity_hooks import after_update as after_update
    from pyfly.data.entity_hooks import before_create as before_create
    from pyfly.data.entity_hooks import before_delete as before_delete
    from pyfly.data.entity_hooks import before_update as before_update
    from pyfly.data.exceptions import DataAccessException as DataAccessException
    from pyfly.data.exceptions import IllegalTransactionStateError as IllegalTransactionStateError
    from pyfly.data.exceptions import InvalidValueError as InvalidValueError
    from pyfly.data.exceptions import LazyLoadError as LazyLoadError
    from pyfly.data.exceptions import NonUniqueResultError as NonUniqueResultError
    from pyfly.data.exceptions import PoolExhaustedError as PoolExhaustedError
    from pyfly.data.exceptions import ReadOnlyTransactionError as ReadOnlyTransactionError
    from pyfly.data.exceptions import TransactionConflictError as TransactionConflictError
    from pyfly.data.exceptions import TransactionTimedOutError as TransactionTimedOutError
    from pyfly.data.exceptions import UnexpectedRollbackError as UnexpectedRollbackError
    from pyfly.data.exceptions import UnknownPropertyError as UnknownPropertyError
    from pyfly.data.interceptor import TransactionInterceptor as TransactionInterceptor
    from pyfly.data.mapper import Mapper as Mapper
    from pyfly.data.mapper import MappingConfig as MappingConfig
    from pyfly.data.mapper import MappingError as MappingError
    from pyfly.data.mapper import mapping as mapping
    from pyfly.data.page import Cursor as Cursor
    from pyfly.data.page import Page as Page
    from pyfly.data.page import Slice as Slice
    from pyfly.data.pageable import Order as Order
    from pyfly.data.pageable import Pageable as Pageable
    from pyfly.data.pageable import Scroll as Scroll
    from pyfly.data.pageable import Sort as Sort
    from pyfly.data.ports.auditing import AuditorAware as AuditorAware
    from pyfly.data.ports.compiler import QueryMethodCompilerPort as QueryMethodCompilerPort
    from pyfly.data.ports.hooks import EntityHooks as EntityHooks
    from pyfly.data.ports.outbound import CrudRepository as CrudRepository
    from pyfly.data.ports.outbound import PagingRepository as PagingRepository
    from pyfly.data.ports.outbound import RepositoryPort as RepositoryPort
    from pyfly.data.ports.outbound import SessionPort as SessionPort
    from pyfly.data.ports.saving import SaveListener as SaveListener
    from pyfly.data.ports.statements import SqlHook as SqlHook
    from pyfly.data.ports.statements import SqlStatement as SqlStatement
    from pyfly.data.query_parser import QueryMethodParser as QueryMethodParser
    from pyfly.data.relational.sqlalchemy.connection_manager import ConnectionManager as ConnectionManager
    from pyfly.data.relational.sqlalchemy.data_source import DataSource as DataSource
    from pyfly.data.relational.sqlalchemy.overriding import datasource_override as datasource_override
    from pyfly.data.relational.sqlalchemy.sql_client import SqlClient as SqlClient
    from pyfly.data.specification import FilterOperator as FilterOperator
    from pyfly.data.specification import FilterUtils as FilterUtils
    from pyfly.data.specification import Specification as Specification
    from pyfly.data.transactions import Isolation as Isolation
    from pyfly.data.transactions import Propagation as Propagation
    from pyfly.data.transactions import TransactionManager as TransactionManager
    from pyfly.data.transactions import TransactionOptions as TransactionOptions
    from pyfly.data.transactions import after_commit as after_commit
    from pyfly.data.transactions import after_rollback as after_rollback
    from pyfly.data.transactions import before_commit as before_commit
    from pyfly.data.transactions import set_rollback_only as set_rollback_only
    from pyfly.data.transactions import transactional as transactional

__all__ = [
    "AuditorAware",
    "ConnectionManager",
    "CrudRepository",
    "Cursor",
    "DataAccessException",
    "DataSource",
    "EntityHooks",
    "FilterOperator",
    "FilterUtils",
    "IllegalTransactionStateError",
    "InvalidValueError",
    "Isolation",
    "LazyLoadError",
    "Mapper",
    "MappingConfig",
    "MappingError",
    "NonUniqueResultError",
    "Order",
    "Page",
    "Pageable",
    "PagingRepository",
    "PoolExhaustedError",
    "Propagation",
    "QueryMethodCompilerPort",
    "QueryMethodParser",
    "ReadOnlyTransactionError",
    "RepositoryPort",
    "SaveListener",
    "Scroll",
    "SessionPort",
    "Slice",
    "Sort",
    "Specification",
    "SqlClient",
    "SqlHook",
    "SqlStatement",
    "TransactionConflictError",
    "TransactionInterceptor",
    "TransactionManager",
    "TransactionOptions",
    "TransactionTimedOutError",
    "UnexpectedRollbackError",
    "UnknownPropertyError",
    "after_commit",
    "after_create",
    "after_delete",
    "after_load",
    "after_rollback",
    "after_update",
    "before_commit",
    "before_create",
    "before_delete",
    "before_update",
    "datasource_override",
    "include_deleted",
    "mapping",
    "set_rollback_only",
    "transactional",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AuditorAware": "pyfly.data.ports.auditing",
        "ConnectionManager": "pyfly.data.relational.sqlalchemy.connection_manager",
        "CrudRepository": "pyfly.data.ports.outbound",
        "Cursor": "pyfly.data.page",
        "DataAccessException": "pyfly.data.exceptions",
        "DataSource": "pyfly.data.relational.sqlalchemy.data_source",
        "EntityHooks": "pyfly.data.ports.hooks",
        "FilterOperator": "pyfly.data.specification",
        "FilterUtils": "pyfly.data.specification",
        "IllegalTransactionStateError": "pyfly.data.exceptions",
        "Isolation": "pyfly.data.transactions",
        "LazyLoadError": "pyfly.data.exceptions",
        "Mapper": "pyfly.data.mapper",
        "MappingConfig": "pyfly.data.mapper",
        "MappingError": "pyfly.data.mapper",
        "InvalidValueError": "pyfly.data.exceptions",
        "NonUniqueResultError": "pyfly.data.exceptions",
        "Order": "pyfly.data.pageable",
        "Page": "pyfly.data.page",
        "Pageable": "pyfly.data.pageable",
        "PagingRepository": "pyfly.data.ports.outbound",
        "PoolExhaustedError": "pyfly.data.exceptions",
        "Propagation": "pyfly.data.transactions",
        "QueryMethodCompilerPort": "pyfly.data.ports.compiler",
        "QueryMethodParser": "pyfly.data.query_parser",
        "ReadOnlyTransactionError": "pyfly.data.exceptions",
        "RepositoryPort": "pyfly.data.ports.outbound",
        "SaveListener": "pyfly.data.ports.saving",
        "Scroll": "pyfly.data.pageable",
        "SessionPort": "pyfly.data.ports.outbound",
        "Slice": "pyfly.data.page",
        "Sort": "pyfly.data.pageable",
        "Specification": "pyfly.data.specification",
        "SqlClient": "pyfly.data.relational.sqlalchemy.sql_client",
        "SqlHook": "pyfly.data.ports.statements",
        "SqlStatement": "pyfly.data.ports.statements",
        "TransactionConflictError": "pyfly.data.exceptions",
        "TransactionInterceptor": "pyfly.data.interceptor",
        "TransactionManager": "pyfly.data.transactions",
        "TransactionOptions": "pyfly.data.transactions",
        "TransactionTimedOutError": "pyfly.data.exceptions",
        "UnexpectedRollbackError": "pyfly.data.exceptions",
        "UnknownPropertyError": "pyfly.data.exceptions",
        "after_commit": "pyfly.data.transactions",
        "after_create": "pyfly.data.entity_hooks",
        "after_delete": "pyfly.data.entity_hooks",
        "after_load": "pyfly.data.entity_hooks",
        "after_rollback": "pyfly.data.transactions",
        "after_update": "pyfly.data.entity_hooks",
        "before_commit": "pyfly.data.transactions",
        "before_create": "pyfly.data.entity_hooks",
        "before_delete": "pyfly.data.entity_hooks",
        "before_update": "pyfly.data.entity_hooks",
        "datasource_override": "pyfly.data.relational.sqlalchemy.overriding",
        "include_deleted": "pyfly.data.deleted",
        "mapping": "pyfly.data.mapper",
        "set_rollback_only": "pyfly.data.transactions",
        "transactional": "pyfly.data.transactions",
    },
)
