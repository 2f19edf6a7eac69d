"""What a method of a ``@controller`` declares to return."""

import types
from collections.abc import Callable, Mapping
from typing import Any, Union, get_args, get_origin

from pyfly.container.metadata import record_of
from pyfly.container.types import MISSING
from pyfly.web.ports.templates import ViewPlan
from pyfly.web.responses import ResponseEntity
from pyfly.web.views.types import Redirect, View, ViewRecord

_ALWAYS = (str, View, Redirect, ResponseEntity, types.NoneType, Any, object)


def view_of(handler: Callable[..., Any], hints: Mapping[str, Any]) -> tuple[ViewPlan, Any]:
    """Return how results of *handler* become pages, and what is left of its return annotation.

    Raises:
        TypeError: It declares to return data.
    """
    said = record_of(handler, ViewRecord)
    template = said.name if said else ""
    declared = hints.get("return", MISSING)
    for part in _parts(declared):
        if not _is_view(part, template):
            raise TypeError(
                f"a controller answers with views, not with {getattr(part, '__name__', part)}; "
                "use @rest_controller for data, @view for a dictionary"
            )
    return ViewPlan(template), MISSING


def _parts(declared: Any) -> tuple[Any, ...]:
    if declared is MISSING or declared is None:
        return ()
    return get_args(declared) if get_origin(declared) in (Union, types.UnionType) else (declared,)


def _is_view(part: Any, template: str) -> bool:
    origin = get_origin(part) or part
    if origin in _ALWAYS or hasattr(origin, "set_cookie"):
        return True
    return bool(template) and isinstance(origin, type) and issubclass(origin, Mapping)
