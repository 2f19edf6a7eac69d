"""What keeps operations of one transaction apart while hooks, called in the middle of one, do others."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple


class _Inside(NamedTuple):
    transaction: object
    lock: Any
    outer: "_Inside | None"


_inside: ContextVar[_Inside | None] = ContextVar("pyfly.data.hook", default=None)


def inside_of(transaction: object) -> Any:
    """Return the lock for operations of the hooks that are running here in *transaction*; ``None`` if none are."""
    inside = _inside.get()
    while inside is not None and inside.transaction is not transaction:
        inside = inside.outer
    return None if inside is None else inside.lock


@contextmanager
def inside(transaction: object, lock: Any) -> Iterator[None]:
    """Let operations in *transaction* use *lock* in the block: an operation that waits for it holds the other one."""
    token = _inside.set(_Inside(transaction, lock, _inside.get()))
    try:
        yield
    finally:
        _inside.reset(token)
