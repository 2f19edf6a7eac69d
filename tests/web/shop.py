"""A small application, booted by the tests."""

from typing import Any

from pydantic import BaseModel, Field

from pyfly.container import Scope, order, rest_controller, service
from pyfly.core import pyfly_application
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import CallNext, PathVar, Request, ResponseEntity, get_mapping, post_mapping, request_mapping


class Item(BaseModel):
    id: int
    name: str = Field(min_length=2, max_length=20)


class NewItem(BaseModel):
    name: str = Field(min_length=2, max_length=20)


@service(scope=Scope.REQUEST)
class Visit:
    def __init__(self) -> None:
        self.seen: list[int] = []


@service
class Items:
    def __init__(self) -> None:
        self.by_id: dict[int, Item] = {}

    def add(self, name: str) -> Item:
        item = Item(id=len(self.by_id) + 1, name=name)
        self.by_id[item.id] = item
        return item

    def find(self, item_id: int) -> Item:
        try:
            return self.by_id[item_id]
        except KeyError:
            raise ResourceNotFoundException(f"No item {item_id}", code="ITEM_NOT_FOUND") from None


@service
@order(1)
class Stamp:
    async def do_filter(self, request: Request, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-stamp"] = str(response.status_code)
        return response

    def should_not_filter(self, request: Request) -> bool:
        return False


@rest_controller
@request_mapping("/items")
class ItemController:
    def __init__(self, items: Items) -> None:
        self._items = items

    @get_mapping()
    def all(self) -> list[Item]:
        """All items."""
        return list(self._items.by_id.values())

    @get_mapping("/{item_id}")
    async def get_item(self, item_id: PathVar[int], visit: Visit) -> Item:
        """One item."""
        visit.seen.append(item_id)
        return self._items.find(item_id)

    @post_mapping(status_code=201)
    async def create(self, item: NewItem) -> ResponseEntity[Item]:
        """A new item."""
        created = self._items.add(item.name)
        return ResponseEntity.created(f"/shop/items/{created.id}", created)

    @get_mapping("/boom")
    async def boom(self) -> int:
        raise RuntimeError("the password is pa55word")


@pyfly_application(name="shop", version="1.2.3", scan_packages=["tests.web.shop"], description="Sells things")
class Shop:
    pass
