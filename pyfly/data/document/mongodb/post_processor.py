"""Implements the query methods of document repositories that were made by hand."""

from types import MethodType
from typing import Any, TypeVar

from pyfly.data.document.mongodb.queries import QUERIES
from pyfly.data.document.mongodb.repository import MongoRepository

B = TypeVar("B")


class MongoRepositoryBeanPostProcessor:
    """Gives a repository object its query methods.

    Beans have them anyway; this is for objects such as ``ItemRepository(Item)`` in tests and scripts.
    """

    def before_init(self, bean: B, name: str) -> B:
        """Return *bean* as it is."""
        return bean

    def after_init(self, bean: B, name: str) -> B:
        """Return *bean*; if it is a repository, with its query methods.

        Raises:
            InvalidRepositoryError: One of them asks for something impossible.
        """
        if isinstance(bean, MongoRepository):
            cls: Any = type(bean)
            for method, function in QUERIES.methods(cls):
                implementation = QUERIES.compile(cls, method, function).implementation()
                setattr(bean, method, MethodType(implementation, bean))
        return bean
