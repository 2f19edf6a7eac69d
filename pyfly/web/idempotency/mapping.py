"""Which handlers heed idempotency keys."""

from collections.abc import Callable
from typing import Any, TypeVar, overload

from pyfly.container.metadata import record, record_at
from pyfly.kernel.record import Record

T = TypeVar("T", bound=Callable[..., Any])


class IdempotencyRecord(Record, kw_only=True):
    """What ``@idempotent`` says about a handler, or about all of a controller."""

    enabled: bool = True
    required: bool = False


@overload
def idempotent(target: T, /) -> T: ...


@overload
def idempotent(*, enabled: bool = True, required: bool = False) -> Callable[[T], T]: ...


def idempotent(
    target: T | None = None, /, *, enabled: bool = True, required: bool = False
) -> T | Callable[[T], T]:
    """Answer a request that comes again with the same ``Idempotency-Key`` with the response that it had.

    The same key with another body is 422, while the first request is being worked on 409. Responses below 400
    are kept; after a failure, and after a stream, the same key may be used again.

    Args:
        target: The handler, or the controller, where the decorator is written without parentheses.
        enabled: Whether the decorated handler, or all handlers of a controller, heed keys at all.
        required: Whether a request without a key is refused with 400.
    """

    def decorate(target: T) -> T:
        record(target, IdempotencyRecord, enabled=enabled, required=required)
        return target

    return decorate if target is None else decorate(target)


def idempotency_of(controller: type, name: str) -> IdempotencyRecord | None:
    """Return what is said about the method *name* of *controller*."""
    return record_at(controller, name, IdempotencyRecord)
