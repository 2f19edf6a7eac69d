"""The description of one route: everything known about it before any bean exists."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import PydanticUserError, TypeAdapter

from pyfly.container.types import MISSING
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.responses import ResponseEntity


class UnusableTypeError(Exception):
    """A parameter or a result has a type that can be neither validated nor written as JSON."""

    def __init__(self, of: str, error: PydanticUserError) -> None:
        """Say whose type it is, and what pydantic thinks of it."""
        super().__init__(
            f"the type of {of} cannot be used ({error.message.splitlines()[0].partition('. ')[0]})"
        )


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


_BOUND = frozenset({Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE, Source.BODY})


def adapters_of(parameters: tuple[Parameter, ...]) -> dict[str, TypeAdapter[Any]]:
    """Return the type adapters of the parameters that come from the request."""
    return {
        item.name: _adapter(item.type, f"parameter '{item.name}'")
        for item in parameters
        if item.source in _BOUND
    }


def return_of(handler: Callable[..., Any]) -> tuple[Any, bool, TypeAdapter[Any] | None]:
    """Return what *handler* declares to return, whether in an entity, and how to serialise it."""
    declared = get_type_hints(handler, include_extras=True).get("return", MISSING)
    entity = declared is ResponseEntity or get_origin(declared) is ResponseEntity
    if entity:
        declared = (get_args(declared) or (Any,))[0]
    if declared is MISSING or declared in (None, type(None), Any, object, bytes) or _is_response(declared):
        return declared, entity, None
    return declared, entity, _adapter(declared, "the result")


def _adapter(annotation: Any, of: str) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(annotation)
    except PydanticUserError as error:
        raise UnusableTypeError(of, error) from error


def _is_response(declared: Any) -> bool:
    # Known by its look, so that the response classes of an adapter need not be imported.
    parts = get_args(declared) or (declared,)
    return any(isinstance(part, type) and hasattr(part, "set_cookie") for part in parts)
