"""The requests, the models, and the work behind them, which everybody shares."""

from itertools import count
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, Field

GREETING: Final = "Hello, World!"
FILTERS: Final = 5
MANY_ROUTES: Final = 500


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""


class Item(BaseModel):
    id: int
    name: str
    description: str
    price: float
    quantity: int
    available: bool
    tags: list[str]
    category: str
    rating: float
    query: str | None


class Address(BaseModel):
    street: str = Field(min_length=1, max_length=80)
    city: str = Field(min_length=1, max_length=40)
    zip_code: str = Field(min_length=4, max_length=10)


class Customer(BaseModel):
    name: str = Field(min_length=2, max_length=60)
    email: str = Field(min_length=5, max_length=80)
    address: Address


class Line(BaseModel):
    sku: str = Field(min_length=3, max_length=20)
    quantity: Annotated[int, Field(ge=1, le=100)]
    price: Annotated[float, Field(gt=0, le=10_000)]


class Order(BaseModel):
    customer: Customer
    lines: list[Line] = Field(min_length=1, max_length=50)
    note: str | None = Field(default=None, max_length=200)


class Receipt(BaseModel):
    number: int
    customer: str
    city: str
    total: float
    lines: list[Line]


_numbers: Final = count(1)


class Ticket:
    """One per request; says the number of the request."""

    def __init__(self) -> None:
        self.number = next(_numbers)


class OrderService:
    """One for the whole application."""

    def place(self, order: Order, ticket: Ticket) -> Receipt:
        """Return the receipt of *order* under the number of *ticket*."""
        return Receipt(
            number=ticket.number,
            customer=order.customer.name,
            city=order.customer.address.city,
            total=sum(line.quantity * line.price for line in order.lines),
            lines=order.lines,
        )


def find(item_id: int, query: str | None) -> Item:
    """Return the item that was asked for."""
    return Item(
        id=item_id,
        name="Widget",
        description="A widget of the usual kind, in a box",
        price=9.99,
        quantity=7,
        available=True,
        tags=["new", "blue", "small"],
        category="widgets",
        rating=4.5,
        query=query,
    )


ORDER: Final = Order(
    customer=Customer(
        name="Ann Example",
        email="ann@example.com",
        address=Address(street="1 High Street", city="Springfield", zip_code="12345"),
    ),
    lines=[
        Line(sku="AAA-1", quantity=2, price=3.5),
        Line(sku="BBB-2", quantity=1, price=10.0),
        Line(sku="CCC-3", quantity=5, price=0.5),
    ],
    note="Leave it with the neighbours",
)
TOTAL: Final = 19.5

_GET: Final = Asked("GET", "/api/items/42", "q=widget")
REQUESTS: Final = {
    "plaintext": Asked("GET", "/plaintext"),
    "json_get": _GET,
    "json_post": Asked("POST", "/api/orders", body=ORDER.model_dump_json().encode()),
    "filters5": _GET,
    "defaults": _GET,
    "routes500": Asked("GET", "/api/items/42", "q=widget"),
}
PATHS: Final = {row: request.path for row, request in REQUESTS.items()}
