"""The answers of a route that somebody has described: its handler, its controller, exception handlers."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, get_type_hints

from pyfly.container.metadata import record_of, recorded_members
from pyfly.container.types import MISSING
from pyfly.web.binding.returns import return_of
from pyfly.web.exception_handler import AdviceScope, ExceptionHandlerRecord
from pyfly.web.metadata import RouteMetadata, summary_of
from pyfly.web.openapi.annotations import DocumentedResponse, said_of
from pyfly.web.type_adapters import UnusableTypeError

_OK = 200


def described_answers(route: RouteMetadata) -> tuple[DocumentedResponse, ...]:
    """Return one description per status: the handler's own, else the controller's, else an exception handler's."""
    found: dict[int, DocumentedResponse] = {}
    if route.plan is not None:
        found |= {each.status: each for each in _of_exception_handlers(route.plan.controller)}
        found |= {each.status: each for each in said_of(route.plan.controller).responses}
    found |= {each.status: each for each in said_of(route.handler).responses}
    return tuple(found.values())


def advised_answers(route: RouteMetadata, advice: Sequence[type]) -> tuple[DocumentedResponse, ...]:
    """Return the answers of *advice* that is for the controller of *route*, unless a nearer handler takes them."""
    if route.plan is None or not advice:
        return ()
    from pyfly.web.routing.advice import GlobalAdvice  # only for applications with advice

    controller = route.plan.controller
    nearer, found = _handled(controller), list[DocumentedResponse]()
    known: set[type[BaseException]] = set()
    for cls in advice:
        if GlobalAdvice((), record_of(cls, AdviceScope) or AdviceScope()).applies_to(controller):
            found += _of_exception_handlers(cls, nearer, known)
            known |= _handled(cls)
    return tuple(found)


def _handled(cls: type) -> set[type[BaseException]]:
    return {said.handles for _, said in recorded_members(cls, ExceptionHandlerRecord) if said.handles}


def _of_exception_handlers(
    cls: type, nearer: Iterable[type[BaseException]] = (), known: Collection[type[BaseException]] = ()
) -> Iterator[DocumentedResponse]:
    for name, said in recorded_members(cls, ExceptionHandlerRecord):
        if said.handles in known or (said.handles and issubclass(said.handles, tuple(nearer))):
            continue
        method = getattr(cls, name)
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
