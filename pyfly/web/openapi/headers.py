"""The headers of answers that do not depend on what they contain: links between pages, the end of an operation."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pyfly.web.binding.plan import RoutePlan, is_paged
from pyfly.web.openapi.versions import announced

Json = dict[str, Any]

_PAGES: Final = {
    "Link": {
        "description": "Where the first, the previous, the next and the last page are.",
        "schema": {"type": "string"},
    }
}


def with_headers(
    responses: Mapping[str, Json], success: str, plan: RoutePlan | None, settings: Callable[[type], Any]
) -> dict[str, Json]:
    """Return *responses*, of which *success* is the one with the result, with the headers of the route of *plan*."""
    if plan is None:
        return {**responses}
    end = announced(plan)
    links = _PAGES if _is_linked(plan, settings) else {}
    found: dict[str, Json] = {}
    for status, response in responses.items():
        headers = _joined(response.get("headers", {}), end)
        headers = _joined(headers, links) if status == success else headers
        found[status] = {**response, "headers": headers} if headers else response
    return found


def _is_linked(plan: RoutePlan, settings: Callable[[type], Any]) -> bool:
    if not is_paged(plan):
        return False
    from pyfly.web.paging.properties import PagingProperties  # it imports pyfly.data

    return bool(settings(PagingProperties).links)


def _joined(first: Json, second: Json) -> Json:
    found = {**first, **second}
    for name in first.keys() & second.keys():
        descriptions = f"{second[name]['description']} {first[name]['description']}"
        found[name] = {**second[name], "description": descriptions}
    return found
