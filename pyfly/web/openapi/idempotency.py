"""What operations that heed idempotency keys take and answer besides."""

import sys
from collections.abc import Callable
from typing import Any, Final

from pyfly.web.binding.plan import RoutePlan

_MAPPING: Final = "pyfly.web.idempotency.mapping"
# A quote at the beginning would be that of a structured field, which is no part of the key.
_KEY: Final = {"type": "string", "pattern": "^[!#-~][!-~]{0,254}$"}

Settings = Callable[[type], Any]


def key_parameters(plan: RoutePlan, settings: Settings) -> list[dict[str, Any]]:
    """Return the header with the key, if the route of *plan* heeds it."""
    is_required = _requires_key(plan, settings)
    if is_required is None:
        return []
    from pyfly.web.idempotency.properties import IdempotencyProperties

    return [
        {
            "name": settings(IdempotencyProperties).header,
            "in": "header",
            "required": is_required,
            "schema": _KEY,
            "description": "A request that is sent again with the same key gets the answer that it had.",
        }
    ]


def key_refusals(plan: RoutePlan, settings: Settings) -> set[int]:
    """Return the statuses for keys that are none, are being worked on, or were used for something else."""
    return set() if _requires_key(plan, settings) is None else {400, 409, 422}


def _requires_key(plan: RoutePlan, settings: Settings) -> bool | None:
    if _MAPPING in sys.modules:
        from pyfly.web.idempotency.mapping import idempotency_of  # only for applications that use it

        said = idempotency_of(plan.controller, plan.name)
        if said is not None:
            return said.required if said.enabled else None
    from pyfly.web.idempotency.properties import IdempotencyProperties

    properties = settings(IdempotencyProperties)
    methods = {method.upper() for method in properties.methods}
    return False if properties.enabled and plan.method in methods and plan.stream is None else None
