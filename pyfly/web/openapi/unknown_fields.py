"""Bodies that may not have fields which their models do not declare, by ``pyfly.web.binding.unknown-fields``."""

from collections.abc import Callable
from typing import Any, Final

from pyfly.web.binding.parameters import Source
from pyfly.web.binding.plan import RoutePlan
from pyfly.web.binding.shapes import is_model
from pyfly.web.binding.values import with_policy
from pyfly.web.type_adapters import Adapter
from pyfly.web.wire import ignoring

_SOURCES: Final = frozenset({Source.BODY, Source.FORM, Source.FILE})

JsonSchema = dict[str, Any]


def closed_parameter(plan: RoutePlan, settings: Callable[[type], Any]) -> str | None:
    """Return the name of the body or form of *plan* that is refused for unknown fields by *settings*, if any."""
    taken = [item for item in plan.parameters if item.source in _SOURCES]
    if len(taken) != 1 or not is_model(taken[0].type):
        return None
    adapter = plan.adapters[taken[0].name]
    return None if with_policy(adapter, settings) is adapter else taken[0].name


def close(schema: Any, components: dict[str, JsonSchema], adapter: Adapter) -> None:
    """Let *schema* and all *components* that it refers to have no other properties than those they name.

    Models of *adapter* that say themselves what becomes of others stay as they are.
    """
    left = ignoring(adapter)
    waiting, seen = [schema], set[str]()
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            is_object = isinstance(each.get("properties"), dict) and each.get("type") == "object"
            if is_object and each.get("title") not in left:
                each.setdefault("additionalProperties", False)
            name = str(each.get("$ref", "")).rpartition("/")[2]
            if name in components and name not in seen:
                seen.add(name)
                waiting.append(components[name])
            waiting += _parts(each)


def _parts(schema: JsonSchema) -> list[Any]:
    inside = [schema.get(key) for key in ("items", "prefixItems", "anyOf", "oneOf", "allOf")]
    values = schema.get("additionalProperties")
    return [*inside, *schema.get("properties", {}).values(), *([values] if isinstance(values, dict) else [])]
