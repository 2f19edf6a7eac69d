"""``@command_handler`` and ``@query_handler``: they make a bean that handles a message."""

from collections.abc import Callable
from typing import Any, TypeVar, overload

from pyfly.container.metadata import published, record, record_of
from pyfly.container.records import BeanRecord
from pyfly.container.types import Scope
from pyfly.kernel.record import Record

H = TypeVar("H", bound=Callable[..., Any] | type)


class HandlerRecord(Record, kw_only=True):
    """What is said about a handler: a class with a method ``handle``, or a method of a bean."""

    role: str = published("__pyfly_handler_type__", default="")
    handles: type | None = None


@overload
def command_handler(target: H, /) -> H: ...
@overload
def command_handler(*, handles: type | None = ...) -> Callable[[H], H]: ...
def command_handler(target: Any = None, /, *, handles: type | None = None) -> Any:
    """Make a class a bean that handles commands, or a method of a bean a handler.

    Which commands is said by ``CommandHandler[PlaceOrder]``, or by the annotation of the first parameter.

    Args:
        target: The class or method, when used without arguments.
        handles: The class of the commands, where nothing else tells.
    """
    return _marked("command", target, handles)


@overload
def query_handler(target: H, /) -> H: ...
@overload
def query_handler(*, handles: type | None = ...) -> Callable[[H], H]: ...
def query_handler(target: Any = None, /, *, handles: type | None = None) -> Any:
    """Make a class a bean that answers queries, or a method of a bean a handler; as :func:`command_handler`."""
    return _marked("query", target, handles)


def _marked(role: str, target: Any, handles: type | None) -> Any:
    def mark(decorated: Any) -> Any:
        record(decorated, HandlerRecord, role=role, handles=handles)
        if isinstance(decorated, type):
            _make_bean(decorated)
        return decorated

    return mark if target is None else mark(target)


def _make_bean(cls: type) -> None:
    known = record_of(cls, BeanRecord)
    if known is None or not known.injectable:
        scope = Scope.SINGLETON if known is None or known.scope is None else known.scope
        record(cls, BeanRecord, stereotype="component", injectable=True, scope=scope)
