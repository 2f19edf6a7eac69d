from typing import Annotated, Any

from pydantic import BaseModel

from pyfly.container import repository, rest_controller
from pyfly.domain import AggregateRoot, DomainError, StateMachine
from pyfly.web import get_mapping, put_mapping, request_mapping


class Order(AggregateRoot[int]):
    status: Any = StateMachine("draft >> active >> archived")

    def __init__(self, number: int) -> None:
        self.id = number


class OrderView(BaseModel):
    id: int
    status: Annotated[str, Order.status]


class UnknownOrder(DomainError):
    def __init__(self, number: int) -> None:
        super().__init__("UNKNOWN_ORDER", 404, f"There is no order {number}")


@repository
class Orders:
    def __init__(self) -> None:
        self.known = {1: Order(1)}

    def get(self, number: int) -> Order:
        if number < 0:
            raise DomainError("NEGATIVE_NUMBER")
        if number not in self.known:
            raise UnknownOrder(number)
        return self.known[number]


@rest_controller
@request_mapping("/orders")
class OrderController:
    def __init__(self, orders: Orders) -> None:
        self.orders = orders

    @get_mapping("/{number}")
    async def show(self, number: int) -> OrderView:
        order = self.orders.get(number)
        return OrderView(id=order.id, status=order.status)

    @put_mapping("/{number}/{status}")
    async def move(self, number: int, status: str) -> OrderView:
        order = self.orders.get(number)
        order.status = status
        return await self.show(number)
