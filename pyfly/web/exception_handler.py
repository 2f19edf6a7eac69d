"""``@exception_handler`` and ``@controller_advice``: a controller, or one bean for all, answers for failures."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar, overload

from pyfly.container.metadata import published, record
from pyfly.container.records import BeanRecord
from pyfly.container.types import Scope
from pyfly.kernel.record import Record

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])

ADVICE: Final = "controller_advice"
"""The stereotype of advice beans."""


class ExceptionHandlerRecord(Record, kw_only=True):
    """Which failures a method of a controller answers, and with which status."""

    handles: type[BaseException] | None = published("__pyfly_exception_handler__", default=None)
    status_code: int = 200


def exception_handler(exc_type: type[BaseException], *, status_code: int = 200) -> Callable[[F], F]:
    """Let the method answer when a handler of its controller raises *exc_type*, or anybody's in advice.

    The most specific handler wins. It is called with the exception, with the request if a parameter is
    annotated ``Request``, and with beans by their class; request-scoped ones are those of the request. It returns
    ``(status, body)`` or whatever a route may return.

    Raises:
        TypeError: *exc_type* is no class of exceptions.
    """
    if not isinstance(exc_type, type) or not issubclass(exc_type, BaseException):
        raise TypeError(
            "@exception_handler takes the class of what it answers: @exception_handler(ValueError)"
        )

    def decorate(method: F) -> F:
        record(method, ExceptionHandlerRecord, handles=exc_type, status_code=status_code)
        return method

    return decorate


class AdviceScope(Record, kw_only=True):
    """Which controllers a ``@controller_advice`` bean is for; all, if neither is given."""

    packages: tuple[str, ...] = ()
    controllers: tuple[type, ...] = ()


@overload
def controller_advice(cls: C, /) -> C: ...


@overload
def controller_advice(
    *, packages: Sequence[str] = (), controllers: Sequence[type] = ()
) -> Callable[[C], C]: ...


def controller_advice(
    cls: type | None = None, /, *, packages: Sequence[str] = (), controllers: Sequence[type] = ()
) -> Any:
    """Register the class as a bean whose ``@exception_handler`` methods answer for all controllers.

    They answer for what no handler of a controller itself answers, and for requests that reach no
    controller (404, 405), unless they are limited.

    Args:
        cls: The class, when the decorator is used bare.
        packages: Only for controllers of these packages and those below them.
        controllers: Only for these controllers and their subclasses.
    """

    def mark(target: type) -> type:
        limits = {"packages": tuple(packages), "controllers": tuple(controllers)}
        record(target, BeanRecord, stereotype=ADVICE, injectable=True, scope=Scope.SINGLETON)
        record(target, AdviceScope, **limits)
        return target

    return mark if cls is None else mark(cls)
