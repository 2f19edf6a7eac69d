"""The controller that answers a pydantic model."""

from pydantic import BaseModel

from benchmarks.contenders.web.model import item
from pyfly.container import rest_controller
from pyfly.web import PathVar, get_mapping, request_mapping


class Item(BaseModel):
    id: int
    name: str
    tags: list[str]


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{number}")
    async def get_item(self, number: PathVar[int]) -> Item:
        return Item.model_validate(item(number))
