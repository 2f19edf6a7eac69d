"""A domain, the rows it is kept in, what clients see of it, and what is said about the ways between them."""

from dataclasses import dataclass, field
from datetime import date

from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import service
from pyfly.data import Mapper, mapping


@dataclass(frozen=True)
class Money:
    amount: int
    currency: str


@dataclass
class Visit:
    day: date
    reason: str
    price: Money


@dataclass
class Customer:
    name: str
    telephone: str | None
    visits: list[Visit] = field(default_factory=list)


class MappedBase(DeclarativeBase):
    """The tables of these tests."""


class CustomerRow(MappedBase):
    __tablename__ = "mapped_customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    phone: Mapped[str | None]


@dataclass
class PriceView:
    text: str


@dataclass
class VisitView:
    day: date
    price: PriceView


class CustomerView(BaseModel):
    name: str
    shout: str = ""
    visits: list[VisitView]


@mapping(Customer, CustomerRow, field_map={"name": "full_name", "telephone": "phone"}, inverse=True)
@mapping(
    Customer, CustomerView, field_map={"name": "name"}, transformers={"name": str.strip}, exclude="shout"
)
class CustomerMappings:
    """Says how, and does nothing."""


@service
class Prices:
    def __init__(self, mapper: Mapper) -> None:
        self.mapper = mapper
        self.sign = {"EUR": "€"}

    @mapping
    def view(self, price: Money) -> PriceView:
        return PriceView(f"{price.amount} {self.sign.get(price.currency, price.currency)}")
