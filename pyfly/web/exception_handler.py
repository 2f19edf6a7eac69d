"""``@exception_handler``: a controller answers for its own failures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pyfly.container.metadata import published, record

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionHandlerRecord:
    """Which failures a method of a controller answers, and with which status."""

    handles: type[BaseException] | None = published("__pyfly_exception_handler__", default=None)
    status_code: int = 200


def exception_handler(exc_type: type[BaseException], *, status_code: int = 200) -> Callable[[F], F]:
    """Let the method answer when a handler of its controller raises *exc_type*.

    The most specific handler wins. It is called with the exception, and with the request too if a
    second parameter is annotated ``Request``. It returns ``(status, body)`` or whatever a route may return.
    """

    def decorate(method: F) -> F:
        record(method, ExceptionHandlerRecord, handles=exc_type, status_code=status_code)
        return method

    return decorate
