"""The controller that answers a JSON object."""

from benchmarks.contenders.web.model import item
from pyfly.container import rest_controller
from pyfly.web import PathVar, get_mapping, request_mapping


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{number}")
    async def get_item(self, number: PathVar[int]) -> dict[str, object]:
        return item(number)
