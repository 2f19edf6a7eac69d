"""A controller of many routes."""

from typing import Any

from benchmarks.contenders.http.model import MANY_ROUTES, Item, find
from pyfly.container import rest_controller
from pyfly.web import PathVar, QueryParam, get_mapping, request_mapping


def _handler(number: int) -> Any:
    async def handler(_self: object, item_id: PathVar[int], q: QueryParam[str | None] = None) -> Item:
        return find(item_id, q)

    handler.__name__ = f"other{number}"
    return get_mapping(f"/other{number}/{{item_id}}")(handler)


Many = rest_controller(
    request_mapping("/api")(type("Many", (), {f"other{n}": _handler(n) for n in range(MANY_ROUTES)}))
)
