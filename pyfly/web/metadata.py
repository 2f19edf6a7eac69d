"""``RouteMetadata``: what start-up logs and documents tell about a route."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pyfly.container.metadata import record_of
from pyfly.container.types import MISSING
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.mappings import RouteRecord
from pyfly.web.routing.templates import join

_SUFFIX = "Controller"


@dataclass
class RouteMetadata:
    """One route of a controller."""

    path: str
    http_method: str
    status_code: int
    handler: Callable[..., Any]
    handler_name: str
    parameters: list[dict[str, Any]] = field(default_factory=list)
    request_body_model: type | None = None
    return_type: Any = None
    tag: str = ""
    summary: str = ""
    description: str = ""
    deprecated: bool = False
    plan: RoutePlan | None = None


def metadata_of(plan: RoutePlan, base_path: str = "") -> RouteMetadata:
    """Return the metadata of *plan*, its path below *base_path*."""
    summary, _, rest = (inspect.getdoc(plan.handler) or "").partition("\n")
    return RouteMetadata(
        path=join(base_path, plan.path),
        http_method=plan.method,
        status_code=plan.status_code,
        handler=plan.handler,
        handler_name=plan.name,
        request_body_model=plan.body.type if plan.body else None,
        return_type=None if plan.returns is MISSING else plan.returns,
        tag=tag_of(plan.controller),
        summary=summary.strip(),
        description=rest.strip(),
        deprecated=_is_deprecated(plan.handler),
        plan=plan,
    )


def tag_of(controller: type) -> str:
    """Return the tag of a controller: its name without ``Controller``."""
    name = controller.__name__
    return name.removesuffix(_SUFFIX) or name


def summary_of(function: Callable[..., Any]) -> str:
    """Return the first line of the docstring of *function*."""
    return (inspect.getdoc(function) or "").partition("\n")[0].strip()


def _is_deprecated(handler: Callable[..., Any]) -> bool:
    said = record_of(handler, RouteRecord)
    # The second is what the `deprecated` decorator of PEP 702 leaves behind.
    return (said is not None and said.deprecated) or hasattr(handler, "__deprecated__")
