"""The description of one route: everything known about it before any bean exists."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from pyfly.container.types import MISSING
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.responses import ResponseEntity


@dataclass(frozen=True, slots=True)
class RoutePlan:
    """One handler, ready to be compiled and to be documented.

    Attributes:
        method: The HTTP method.
        path: The template, controller prefix included, ``pyfly.web.base-path`` not.
        status_code: The status of a successful answer.
        controller: The controller's class.
        name: The handler's name.
        handler: The function that the class defines.
        parameters: What it takes after ``self``.
        returns: Its return annotation (``MISSING`` without one, the body's type for a response entity).
        entity: Whether it returns a :class:`ResponseEntity`.
        adapters: One type adapter per bound parameter, by name.
        result: The type adapter of what is serialised, if that is known.
    """

    method: str
    path: str
    status_code: int
    controller: type
    name: str
    handler: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    returns: Any = MISSING
    entity: bool = False
    adapters: dict[str, TypeAdapter[Any]] = field(default_factory=dict)
    result: TypeAdapter[Any] | None = None

    @property
    def body(self) -> Parameter | None:
        """The parameter that takes the request body, if any."""
        return next((item for item in self.parameters if item.source is Source.BODY), None)

    @property
    def origin(self) -> str:
        """Where the handler is written: ``file:line``."""
        code = inspect.unwrap(self.handler).__code__
        return f"{code.co_filename}:{code.co_firstlineno}"


_BOUND = frozenset({Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE, Source.BODY})


def adapters_of(parameters: tuple[Parameter, ...]) -> dict[str, TypeAdapter[Any]]:
    """Return the type adapters of the parameters that come from the request."""
    return {item.name: TypeAdapter(item.type) for item in parameters if item.source in _BOUND}


def return_of(handler: Callable[..., Any]) -> tuple[Any, bool, TypeAdapter[Any] | None]:
    """Return what *handler* declares to return, whether in an entity, and how to serialise it."""
    declared = get_type_hints(handler, include_extras=True).get("return", MISSING)
    entity = declared is ResponseEntity or get_origin(declared) is ResponseEntity
    if entity:
        declared = (get_args(declared) or (Any,))[0]
    if declared is MISSING or declared in (None, type(None), Any, object, bytes) or _is_response(declared):
        return declared, entity, None
    return declared, entity, TypeAdapter(declared)


def _is_response(declared: Any) -> bool:
    # Known by its look, so that the response classes of an adapter need not be imported.
    parts = get_args(declared) or (declared,)
    return any(isinstance(part, type) and hasattr(part, "set_cookie") for part in parts)
