"""``@aspect`` and the five kinds of advice."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.aop.types import AdviceType
from pyfly.container.metadata import published, record, record_of
from pyfly.container.records import BeanRecord
from pyfly.container.types import Scope
from pyfly.kernel.record import Record

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


class AspectRecord(Record, kw_only=True):
    """Marks a class whose methods are advice."""

    is_aspect: bool = published("__pyfly_aspect__", default=False)


class AdviceRecord(Record, kw_only=True):
    """What the advice decorators say about a method; the attributes show the outermost of them."""

    advice_type: str = published("__pyfly_advice_type__", default="", convert=str)
    pointcut: str = published("__pyfly_pointcut__", default="")
    advices: tuple[tuple[AdviceType, str], ...] = ()


def aspect(cls: C) -> C:
    """Register the class as a bean whose advice is woven into the methods of other beans.

    Aspects are singletons and are never advised by aspects themselves. A lower ``@order`` is further
    outside.
    """
    known = record_of(cls, BeanRecord)
    scope = known.scope if known is not None and known.scope is not None else Scope.SINGLETON
    record(cls, BeanRecord, stereotype="aspect", injectable=True, scope=scope)
    record(cls, AspectRecord, is_aspect=True)
    return cls


def before(pointcut: str) -> Callable[[F], F]:
    """Call the method before each method that *pointcut* means. What it raises prevents the call."""
    return _advice(AdviceType.BEFORE, pointcut)


def after_returning(pointcut: str) -> Callable[[F], F]:
    """Call the method when a method that *pointcut* means has returned, with ``return_value`` set."""
    return _advice(AdviceType.AFTER_RETURNING, pointcut)


def after_throwing(pointcut: str) -> Callable[[F], F]:
    """Call the method when a call that *pointcut* means fails or is cancelled, with ``exception`` set.

    The exception goes on to the caller, unless the advice raises another.
    """
    return _advice(AdviceType.AFTER_THROWING, pointcut)


def after(pointcut: str) -> Callable[[F], F]:
    """Call the method after each call that *pointcut* means, however it ended."""
    return _advice(AdviceType.AFTER, pointcut)


def around(pointcut: str) -> Callable[[F], F]:
    """Call the method instead of each method that *pointcut* means.

    It reaches that method through ``proceed()`` of the join point, any number of times, and what it
    returns is what the caller gets.
    """
    return _advice(AdviceType.AROUND, pointcut)


def _advice(kind: AdviceType, pointcut: str) -> Callable[[F], F]:
    def decorate(method: F) -> F:
        known = record_of(getattr(method, "__func__", method), AdviceRecord) or AdviceRecord()
        record(
            method,
            AdviceRecord,
            advice_type=kind,
            pointcut=pointcut,
            advices=(*known.advices, (kind, pointcut)),
        )
        return method

    return decorate
