"""Reads whose entities hooks see before anybody else does."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session

from pyfly.data.ports.hooks import EntityHooks

R = TypeVar("R")


async def read_aloud(
    hooks: EntityHooks, read: Callable[..., Awaitable[R]], operation: Callable[..., R], args: Any, kwargs: Any
) -> R:
    """Return what *operation* reads, when *hooks* have seen every entity that was loaded for it."""
    loaded: list[object] = []
    result = await read(_noting(operation, loaded), *args, **kwargs)
    for entity in loaded:
        if (waiting := hooks.loaded(entity)) is not None:
            await waiting
    return result


def read_aloud_now(hooks: EntityHooks, read: Callable[..., R], operation: Callable[..., R], args: Any) -> R:
    """Do what :func:`read_aloud` does for code that is not async."""
    loaded: list[object] = []
    result = read(_noting(operation, loaded), *args)
    for entity in loaded:
        hooks.loaded_now(entity)
    return result


def _noting(operation: Callable[..., R], loaded: list[object]) -> Callable[..., R]:
    """Return *operation*, which puts all it loads into *loaded*; what a failed attempt has loaded does not count."""

    def run(session: Session, *args: Any, **kwargs: Any) -> R:
        loaded.clear()

        def note(_session: Session, entity: object) -> None:
            loaded.append(entity)

        event.listen(session, "loaded_as_persistent", note)
        try:
            return operation(session, *args, **kwargs)
        finally:
            event.remove(session, "loaded_as_persistent", note)

    return run
