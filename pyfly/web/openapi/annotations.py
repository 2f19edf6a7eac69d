"""What a handler says about itself beyond its signature: its responses, id, tags, and whether it is documented."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.container.metadata import record, record_of
from pyfly.kernel.record import Record

T = TypeVar("T", bound=Callable[..., Any])


class DocumentedResponse(Record):
    """One answer that an operation can give besides those that follow from its signature.

    Attributes:
        status: Its status.
        description: When it is given.
        model: The type of its body; without one, errors have the body of every error.
        media_type: The content type of *model*.
    """

    status: int
    description: str = ""
    model: Any = None
    media_type: str = "application/json"


class OperationRecord(Record, kw_only=True):
    """What ``@api_operation``, ``@api_response`` and ``@api_tag`` say about a handler or a controller."""

    operation_id: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    tag_description: str = ""
    hidden: bool = False
    responses: tuple[DocumentedResponse, ...] = ()


def api_response(
    status: int, description: str = "", *, model: Any = None, media_type: str = "application/json"
) -> Callable[[T], T]:
    """Document an answer that does not follow from the signature, such as a 404 of the service behind it.

    On a controller class it holds for all of its operations. Without a *model*, a status of 400 and above has the
    body of every error of the application, and any other status has none.
    """
    said = DocumentedResponse(status, description, model, media_type)

    def decorate(target: T) -> T:
        known = record_of(target, OperationRecord)
        record(target, OperationRecord, responses=(said, *(known.responses if known else ())))
        return target

    return decorate


def api_operation(
    *, operation_id: str = "", summary: str = "", tags: tuple[str, ...] = (), hidden: bool = False
) -> Callable[[T], T]:
    """Choose how an operation is presented, or leave it out of the document with *hidden*.

    Args:
        operation_id: Instead of the name of the handler; taken as it is.
        summary: Instead of the first line of its docstring.
        tags: Instead of the controller's name without ``Controller``.
        hidden: Leave it out. On a controller class: all of its operations.
    """

    def decorate(target: T) -> T:
        record(target, OperationRecord, operation_id=operation_id, summary=summary, tags=tags, hidden=hidden)
        return target

    return decorate


def api_tag(name: str, description: str = "") -> Callable[[T], T]:
    """Group the operations of a controller under *name*, with a *description* of the group."""

    def decorate(target: T) -> T:
        record(target, OperationRecord, tags=(name,), tag_description=description)
        return target

    return decorate


def said_of(target: object) -> OperationRecord:
    """Return what was said about a handler, or about a controller by it or the nearest class that it extends."""
    lineage = target.__mro__ if isinstance(target, type) else (target,)
    return next((found for each in lineage if (found := record_of(each, OperationRecord))), OperationRecord())
