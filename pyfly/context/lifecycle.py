"""``@post_construct`` and ``@pre_destroy``: methods called when a bean is complete, and before it goes."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.container.metadata import published, record
from pyfly.kernel.record import Record

F = TypeVar("F", bound=Callable[..., Any])


class HookRecord(Record, kw_only=True):
    """Marks a method as a hook of the bean's life."""

    post_construct: bool = published("__pyfly_post_construct__", default=False)
    pre_destroy: bool = published("__pyfly_pre_destroy__", default=False)


def post_construct(method: F) -> F:
    """Call the method, sync or async, once its bean has all its dependencies and nobody has it yet.

    A bean may have several; they run in the order in which they are defined, those of bases first.
    """
    record(method, HookRecord, post_construct=True)
    return method


def pre_destroy(method: F) -> F:
    """Call the method, sync or async, before its bean goes, while all its dependencies still work."""
    record(method, HookRecord, pre_destroy=True)
    return method
