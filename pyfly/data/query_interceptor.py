"""Weaves query methods into repositories, whatever their store."""

from collections.abc import Callable
from typing import Any, ClassVar

from pyfly.container.interception import InterceptionOrder, MethodInterceptor, MethodTarget
from pyfly.data.repository_writes import RepositoryFront


class QueryMethodInterceptor(MethodInterceptor):
    """Implements the query methods of repositories."""

    order: ClassVar[int] = InterceptionOrder.IMPLEMENTATION

    def intercept(self, target: MethodTarget) -> Callable[[Callable[..., Any]], Callable[..., Any]] | None:
        """Return what replaces the body of a query method; leave every other method alone."""
        if not issubclass(target.cls, RepositoryFront):
            return None
        queries = target.cls.query_methods()
        if not queries.implements(target.name, target.function):
            return None
        implementation = queries.compile(target.cls, target.name, target.function).implementation()
        return lambda _body: implementation
