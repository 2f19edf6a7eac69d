"""The answers of a route that somebody has described: its handler, its controller, exception handlers."""

from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

from pyfly.container.metadata import recorded_members
from pyfly.container.types import MISSING
from pyfly.web.binding.returns import UnusableTypeError, return_of
from pyfly.web.exception_handler import ExceptionHandlerRecord
from pyfly.web.metadata import RouteMetadata, summary_of
from pyfly.web.openapi.annotations import DocumentedResponse, said_of

_OK = 200


def described_answers(route: RouteMetadata) -> tuple[DocumentedResponse, ...]:
    """Return one description per status: the handler's own, else the controller's, else an exception handler's."""
    found: dict[int, DocumentedResponse] = {}
    if route.plan is not None:
        found |= {each.status: each for each in _of_exception_handlers(route.plan.controller)}
        found |= {each.status: each for each in said_of(route.plan.controller).responses}
    found |= {each.status: each for each in said_of(route.handler).responses}
    return tuple(found.values())


def _of_exception_handlers(controller: type) -> Iterator[DocumentedResponse]:
    for name, said in recorded_members(controller, ExceptionHandlerRecord):
        method = getattr(controller, name)
        # Where status or body are decided at run time, there is nothing to tell.
        if said.handles is not None and said.status_code != _OK and _is_told(method):
            model = get_type_hints(method, include_extras=True)["return"]
            yield DocumentedResponse(said.status_code, summary_of(method), model)


def _is_told(method: Callable[..., Any]) -> bool:
    try:
        returned = return_of(method)
    except UnusableTypeError:
        return False
    return returned.adapter is not None and not returned.entity and returned.annotation is not MISSING
