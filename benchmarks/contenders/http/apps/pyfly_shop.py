"""The controllers and the beans."""

from benchmarks.contenders.http import model
from benchmarks.contenders.http.model import GREETING, Item, Order, Receipt, find
from pyfly.container import Scope, component, rest_controller, service
from pyfly.web import Body, PathVar, QueryParam, Valid, get_mapping, post_mapping, request_mapping


@service
class OrderService(model.OrderService): ...


@component(scope=Scope.REQUEST)
class Ticket(model.Ticket): ...


@rest_controller
class Greetings:
    @get_mapping("/plaintext", produces="text/plain")
    async def greet(self) -> str:
        return GREETING


@rest_controller
@request_mapping("/api/items")
class Items:
    @get_mapping("/{item_id}")
    async def get(self, item_id: PathVar[int], q: QueryParam[str | None] = None) -> Item:
        return find(item_id, q)


@rest_controller
@request_mapping("/api/orders")
class Orders:
    def __init__(self, service: OrderService) -> None:
        self.service = service

    @post_mapping("")
    async def place(self, order: Valid[Body[Order]], ticket: Ticket) -> Receipt:
        return self.service.place(order, ticket)
