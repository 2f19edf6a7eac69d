"""The description of one route: everything known about it before any bean exists."""

from collections.abc import Callable
from typing import Any, get_origin

from pyfly.container.types import MISSING
from pyfly.kernel.record import Record, attribute
from pyfly.web.binding.parameters import Parameter, Source
from pyfly.web.binding.shapes import known_by_name, strip
from pyfly.web.ports.streams import StreamPlan
from pyfly.web.ports.templates import ViewPlan
from pyfly.web.type_adapters import Adapter, UnusableTypeError, adapter_of
from pyfly.web.wire import wired


class RoutePlan(Record):
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
        result: The type adapter of what is serialised, if that is known; of one item, for a stream.
        stream: What is streamed, if the answer is a stream.
        produces: The media types of the answer that the mapping names, the preferred one first.
        consumes: The media types of request bodies that the mapping names.
        view: How the result becomes a page, if the controller answers with views.
        foreign: The parameters, and ``return``, whose types pydantic does not know: converters read and write them.
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
    adapters: dict[str, Adapter] = attribute(default_factory=dict)
    result: Adapter | None = None
    stream: StreamPlan | None = None
    produces: tuple[str, ...] = ()
    consumes: tuple[str, ...] = ()
    view: ViewPlan | None = None
    foreign: frozenset[str] = frozenset()

    @property
    def body(self) -> Parameter | None:
        """The parameter that takes the request body, if any."""
        return next((item for item in self.parameters if item.source is Source.BODY), None)


_PAGES = frozenset({("pyfly.data.page", "Page"), ("pyfly.data.page", "Slice"), ("pyfly.data.page", "Cursor")})


def is_paged(plan: RoutePlan) -> bool:
    """Say whether *plan* is asked for pages and answers with them."""
    if not any(item.source is Source.PAGE for item in plan.parameters):
        return False
    bare = strip(plan.returns)
    return any(known_by_name(get_origin(bare) or bare, _PAGES))


_BOUND = frozenset(
    {Source.PATH, Source.QUERY, Source.HEADER, Source.COOKIE, Source.BODY, Source.FORM, Source.FILE}
)


def adapters_of(
    parameters: tuple[Parameter, ...], foreign: frozenset[str] = frozenset()
) -> dict[str, Adapter]:
    """Return the type adapters of the parameters that come from the request."""
    return {
        item.name: _adapter_of(item)
        for item in parameters
        if item.source in _BOUND and item.name not in foreign
    } | {name: adapter_of(Any, name) for name in foreign}


def _adapter_of(item: Parameter) -> Adapter:
    adapter = adapter_of(item.type, f"parameter '{item.name}'")
    is_json = item.source is Source.BODY and strip(item.type) is not bytes
    return wired(adapter) if is_json else adapter


def foreign_bodies(parameters: tuple[Parameter, ...]) -> frozenset[str]:
    """Return the parameters for the body whose types pydantic does not know."""
    return frozenset(
        item.name for item in parameters if item.source is Source.BODY and _is_foreign(item.type)
    )


def _is_foreign(annotation: Any) -> bool:
    try:
        adapter_of(annotation, "a body")
    except UnusableTypeError:
        return True
    return False
