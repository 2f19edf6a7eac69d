"""``@order``: which of several beans comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from pyfly.container.metadata import record, record_of
from pyfly.container.records import BeanRecord

HIGHEST_PRECEDENCE: Final = -(2**31)
LOWEST_PRECEDENCE: Final = 2**31 - 1

D = TypeVar("D")


def order(value: int) -> Callable[[D], D]:
    """Place a class or ``@bean`` method among others of its kind; lower values come first."""

    def decorate(target: D) -> D:
        record(target, BeanRecord, order=value)
        return target

    return decorate


def get_order(target: object) -> int:
    """Return the ``@order`` of a class or ``@bean`` method, or 0 when it has none of its own."""
    found = record_of(target, BeanRecord)
    return found.order if found is not None and found.order is not None else 0
