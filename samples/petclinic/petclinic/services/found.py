"""Telling that something is not there."""

from typing import TypeVar

from pyfly.kernel import ResourceNotFoundException

T = TypeVar("T")


def found(entity: T | None, kind: str, key: object) -> T:
    """Return *entity*, or raise that there is no *kind* known as *key*."""
    if entity is None:
        raise ResourceNotFoundException(f"There is no {kind} {key}.")
    return entity
