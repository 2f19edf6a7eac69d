"""Looking past the filter that hides entities which are marked as deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_included: ContextVar[bool] = ContextVar("pyfly.data.deleted", default=False)


@contextmanager
def include_deleted() -> Iterator[None]:
    """Let the reads of the block see entities that are marked as deleted as well."""
    token = _included.set(True)
    try:
        yield
    finally:
        _included.reset(token)


def is_deleted_included() -> bool:
    """Return whether the current context sees entities that are marked as deleted."""
    return _included.get()
