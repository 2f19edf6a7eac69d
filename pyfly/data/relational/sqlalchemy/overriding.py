"""Lets a block of code use another data source in the place of the one that its repositories name."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_NOTHING: dict[str, str] = {}
_overrides: ContextVar[dict[str, str]] = ContextVar("pyfly.data.overrides", default=_NOTHING)


@contextmanager
def datasource_override(name: str, *, instead_of: str = "default") -> Iterator[None]:
    """Let what begins in the block use data source *name* wherever *instead_of* is meant.

    It holds in the current context alone: another request is not concerned. A transaction that runs
    already stays where it is.
    """
    token = _overrides.set({**_overrides.get(), instead_of: name})
    try:
        yield
    finally:
        _overrides.reset(token)


def overriding(name: str) -> str:
    """Return the name of what is used in the place of data source *name* here; empty if that is itself."""
    return _overrides.get().get(name, "")
