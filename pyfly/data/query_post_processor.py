"""Implements the query methods of repositories that were made by hand, whatever their store."""

from types import MethodType
from typing import Any, ClassVar, TypeVar

from pyfly.data.repository_writes import RepositoryFront

B = TypeVar("B")


class QueryMethodPostProcessor:
    """Gives a repository object its query methods.

    Beans have them anyway; this is for objects such as ``ItemRepository(Item, session)`` in tests and scripts.
    """

    _repository: ClassVar[type[RepositoryFront[Any, Any]]]

    def before_init(self, bean: B, name: str) -> B:
        """Return *bean* as it is."""
        return bean

    def after_init(self, bean: B, name: str) -> B:
        """Return *bean*; if it is a repository, with its query methods.

        Raises:
            InvalidRepositoryError: One of them asks for something impossible.
        """
        if isinstance(bean, self._repository):
            cls: Any = type(bean)
            queries = cls.query_methods()
            for method, function in list(queries.methods(cls)):
                implementation = queries.compile(cls, method, function).implementation()
                setattr(bean, method, MethodType(implementation, bean))
        return bean
