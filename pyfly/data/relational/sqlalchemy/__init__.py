"""Relational data with SQLAlchemy: entities, repositories and the transactions they share."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.relational.sqlalchemy.data_source import DataSource as DataSource
    from pyfly.data.relational.sqlalchemy.derived import DerivedQueryInterceptor as DerivedQueryInterceptor
    from pyfly.data.relational.sqlalchemy.entity import Base as Base
    from pyfly.data.relational.sqlalchemy.entity import BaseEntity as BaseEntity
    from pyfly.data.relational.sqlalchemy.query_compiler import QueryMethodCompiler as QueryMethodCompiler
    from pyfly.data.relational.sqlalchemy.repository import Repository as Repository
    from pyfly.data.relational.sqlalchemy.transaction_manager import (
        SqlAlchemyTransactionManager as SqlAlchemyTransactionManager,
    )
    from pyfly.data.relational.sqlalchemy.types import UtcDateTime as UtcDateTime

__all__ = [
    "Base",
    "BaseEntity",
    "DataSource",
    "DerivedQueryInterceptor",
    "QueryMethodCompiler",
    "Repository",
    "SqlAlchemyTransactionManager",
    "UtcDateTime",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Base": "pyfly.data.relational.sqlalchemy.entity",
        "BaseEntity": "pyfly.data.relational.sqlalchemy.entity",
        "DataSource": "pyfly.data.relational.sqlalchemy.data_source",
        "DerivedQueryInterceptor": "pyfly.data.relational.sqlalchemy.derived",
        "QueryMethodCompiler": "pyfly.data.relational.sqlalchemy.query_compiler",
        "Repository": "pyfly.data.relational.sqlalchemy.repository",
        "SqlAlchemyTransactionManager": "pyfly.data.relational.sqlalchemy.transaction_manager",
        "UtcDateTime": "pyfly.data.relational.sqlalchemy.types",
    },
)
