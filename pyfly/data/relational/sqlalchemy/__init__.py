"""Relational data with SQLAlchemy: entities, repositories and the transactions they share."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.relational.sqlalchemy.connection_manager import ConnectionManager as ConnectionManager
    from pyfly.data.relational.sqlalchemy.current_session import CurrentSession as CurrentSession
    from pyfly.data.relational.sqlalchemy.data_source import DataSource as DataSource
    from pyfly.data.relational.sqlalchemy.derived import DerivedQueryInterceptor as DerivedQueryInterceptor
    from pyfly.data.relational.sqlalchemy.entity import Base as Base
    from pyfly.data.relational.sqlalchemy.entity import BaseEntity as BaseEntity
    from pyfly.data.relational.sqlalchemy.factory import DataSources as DataSources
    from pyfly.data.relational.sqlalchemy.factory import managers_of as managers_of
    from pyfly.data.relational.sqlalchemy.hand_queries import QueryExecutor as QueryExecutor
    from pyfly.data.relational.sqlalchemy.hand_queries import query as query
    from pyfly.data.relational.sqlalchemy.mixins import Audited as Audited
    from pyfly.data.relational.sqlalchemy.mixins import Timestamped as Timestamped
    from pyfly.data.relational.sqlalchemy.mixins import UuidId as UuidId
    from pyfly.data.relational.sqlalchemy.mixins import Versioned as Versioned
    from pyfly.data.relational.sqlalchemy.overriding import datasource_override as datasource_override
    from pyfly.data.relational.sqlalchemy.post_processor import (
        RepositoryBeanPostProcessor as RepositoryBeanPostProcessor,
    )
    from pyfly.data.relational.sqlalchemy.query_compiler import QueryMethodCompiler as QueryMethodCompiler
    from pyfly.data.relational.sqlalchemy.repository import Repository as Repository
    from pyfly.data.relational.sqlalchemy.soft_delete import SoftDelete as SoftDelete
    from pyfly.data.relational.sqlalchemy.soft_delete import unique_unless_deleted as unique_unless_deleted
    from pyfly.data.relational.sqlalchemy.sql_client import SqlClient as SqlClient
    from pyfly.data.relational.sqlalchemy.transaction_manager import (
        SqlAlchemyTransactionManager as SqlAlchemyTransactionManager,
    )
    from pyfly.data.relational.sqlalchemy.transactional import (
        reactive_transactional as reactive_transactional,
    )
    from pyfly.data.relational.sqlalchemy.types import UtcDateTime as UtcDateTime
    from pyfly.data.specification import FilterOperator as FilterOperator
    from pyfly.data.specification import FilterUtils as FilterUtils
    from pyfly.data.specification import Specification as Specification

__all__ = [
    "Audited",
    "Base",
    "BaseEntity",
    "ConnectionManager",
    "CurrentSession",
    "DataSource",
    "DataSources",
    "DerivedQueryInterceptor",
    "FilterOperator",
    "FilterUtils",
    "QueryExecutor",
    "QueryMethodCompiler",
    "Repository",
    "RepositoryBeanPostProcessor",
    "SoftDelete",
    "Specification",
    "SqlAlchemyTransactionManager",
    "SqlClient",
    "Timestamped",
    "UtcDateTime",
    "UuidId",
    "Versioned",
    "datasource_override",
    "managers_of",
    "query",
    "reactive_transactional",
    "unique_unless_deleted",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Audited": "pyfly.data.relational.sqlalchemy.mixins",
        "Base": "pyfly.data.relational.sqlalchemy.entity",
        "BaseEntity": "pyfly.data.relational.sqlalchemy.entity",
        "ConnectionManager": "pyfly.data.relational.sqlalchemy.connection_manager",
        "CurrentSession": "pyfly.data.relational.sqlalchemy.current_session",
        "DataSource": "pyfly.data.relational.sqlalchemy.data_source",
        "DataSources": "pyfly.data.relational.sqlalchemy.factory",
        "DerivedQueryInterceptor": "pyfly.data.relational.sqlalchemy.derived",
        "FilterOperator": "pyfly.data.specification",
        "FilterUtils": "pyfly.data.specification",
        "QueryExecutor": "pyfly.data.relational.sqlalchemy.hand_queries",
        "QueryMethodCompiler": "pyfly.data.relational.sqlalchemy.query_compiler",
        "Repository": "pyfly.data.relational.sqlalchemy.repository",
        "RepositoryBeanPostProcessor": "pyfly.data.relational.sqlalchemy.post_processor",
        "SoftDelete": "pyfly.data.relational.sqlalchemy.soft_delete",
        "Specification": "pyfly.data.specification",
        "SqlAlchemyTransactionManager": "pyfly.data.relational.sqlalchemy.transaction_manager",
        "SqlClient": "pyfly.data.relational.sqlalchemy.sql_client",
        "Timestamped": "pyfly.data.relational.sqlalchemy.mixins",
        "UtcDateTime": "pyfly.data.relational.sqlalchemy.types",
        "UuidId": "pyfly.data.relational.sqlalchemy.mixins",
        "Versioned": "pyfly.data.relational.sqlalchemy.mixins",
        "datasource_override": "pyfly.data.relational.sqlalchemy.overriding",
        "managers_of": "pyfly.data.relational.sqlalchemy.factory",
        "query": "pyfly.data.relational.sqlalchemy.hand_queries",
        "reactive_transactional": "pyfly.data.relational.sqlalchemy.transactional",
        "unique_unless_deleted": "pyfly.data.relational.sqlalchemy.soft_delete",
    },
)
