from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import AliasChoices, BaseModel, ConfigDict
from pydantic import Field as PydanticField
from pydantic.alias_generators import to_camel
from sqlalchemy import ForeignKey
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import DeclarativeBase, Mapped, composite, mapped_column, relationship

from pyfly.data import Mapper, MappingError
from pyfly.data.relational.sqlalchemy import Versioned


@dataclass
class Address:
    city: str
    street: str = ""


@dataclass
class Person:
    name: str
    addresses: list[Address] = field(default_factory=list)
    home: Address | None = None
    secret: str = "x"


@dataclass
class AddressView:
    city: str


@dataclass
class PersonView:
    name: str
    addresses: list[AddressView]
    home: AddressView | None = None


class PersonModel(BaseModel):
    name: str
    age: int = 3


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Account(Versioned, Tables):
    __tablename__ = "mapped_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    role: Mapped[str] = mapped_column(default="user")


@dataclass
class AccountChange:
    owner: str
    id: int = 9
    version: int = 9


def test_fields_of_one_name_are_copied_and_nested_objects_are_mapped() -> None:
    person = Person("ann", [Address("a", "x"), Address("b")], Address("c"))
    view = Mapper().map(person, PersonView)
    assert view == PersonView("ann", [AddressView("a"), AddressView("b")], AddressView("c"))


def test_fields_are_renamed_transformed_and_left_out() -> None:
    mapper = Mapper()
    mapper.add_mapping(
        Address, PersonModel, field_map={"city": "name"}, transformers={"name": str.upper}, exclude={"age"}
    )
    assert mapper.map(Address("berlin"), PersonModel) == PersonModel(name="BERLIN")
    assert mapper.map_list([Address("a"), Address("b")], PersonModel)[1].name == "B"
    assert mapper.map_list([], PersonModel) == []


def test_plain_objects_are_sources_too() -> None:
    class Plain:
        def __init__(self) -> None:
            self.name = "ann"

    assert Mapper().map(Plain(), PersonModel) == PersonModel(name="ann")


def test_a_required_field_without_a_source_is_an_error_and_early_if_strict() -> None:
    with pytest.raises(TypeError):
        Mapper().map(Address("a"), PersonView)
    with pytest.raises(MappingError, match=r"PersonView\.name has no source in Address"):
        Mapper(strict=True).add_mapping(Address, PersonView)


def test_a_misspelt_field_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(MappingError, match="did you mean 'name'"):
        Mapper().add_mapping(Person, PersonView, exclude=["nmae"])


def test_entities_are_mapped_by_their_columns() -> None:
    assert Mapper().map(Account(owner="ann"), AccountChange).owner == "ann"


def test_an_update_leaves_what_identifies_the_entity_alone() -> None:
    account = Account(id=1, owner="ann", role="admin", version=4)
    Mapper().update(AccountChange("bob"), account)
    assert (account.id, account.owner, account.role, account.version) == (1, "bob", "admin", 4)


class Sized:
    """A plain class that annotates a part of what it has."""

    width: int
    unit: str = "cm"
    depth: int

    def __init__(self) -> None:
        self.width, self.height = 1, 2
        self._finish()

    def _finish(self) -> None:
        vars(self)["weight"] = 3


@dataclass
class SizedView:
    width: int
    height: int
    unit: str
    weight: int = 0
    depth: int = 9


def test_a_plain_class_may_have_more_fields_than_it_annotates_and_fewer() -> None:
    assert Mapper().map(Sized(), SizedView) == SizedView(1, 2, "cm", 3)
    assert Mapper(strict=True).map(Sized(), SizedView) == SizedView(1, 2, "cm", 3)


def test_strictness_knows_what_the_constructor_sets() -> None:
    @dataclass
    class Wanted:
        height: int
        colour: str

    with pytest.raises(MappingError, match="colour"):
        Mapper(strict=True).map(Sized(), Wanted)


@dataclass
class Line:
    sku: str
    count: int


@dataclass
class Order:
    number: str
    note: str | None
    is_paid: bool
    lines: list[Line]


class LineRow(Tables):
    __tablename__ = "mapped_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("mapped_orders.id"))
    article: Mapped[str]
    count: Mapped[int]


class OrderRow(Tables):
    __tablename__ = "mapped_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    remark: Mapped[str | None]
    is_paid: Mapped[bool]
    lines: Mapped[list[LineRow]] = relationship()


lines = some.builds(Line, some.text(), some.integers())
orders = some.builds(
    Order, some.text(), some.none() | some.text(), some.booleans(), some.lists(lines, max_size=5)
)


@given(order=orders)
def test_what_becomes_rows_and_comes_back_is_what_it_was(order: Order) -> None:
    mapper = Mapper(strict=True)
    mapper.add_mapping(Order, OrderRow, field_map={"note": "remark"})
    mapper.add_mapping(OrderRow, Order, field_map={"remark": "note"})
    mapper.add_mapping(Line, LineRow, field_map={"sku": "article"})
    mapper.add_mapping(LineRow, Line, field_map={"article": "sku"})
    row = mapper.map(order, OrderRow)
    assert [type(each) for each in row.lines] == [LineRow] * len(order.lines)
    assert mapper.map(row, Order) == order


def test_a_foreign_key_that_a_relationship_fills_needs_no_source() -> None:
    Mapper().add_mapping(Line, LineRow, field_map={"sku": "article"}, strict=True)
    with pytest.raises(MappingError, match=r"LineRow\.article has no source in Line"):
        Mapper().add_mapping(Line, LineRow, strict=True)


@dataclass(frozen=True)
class Price:
    amount: int
    currency: str


class ItemRow(Tables):
    __tablename__ = "mapped_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[Price] = composite(mapped_column("amount"), mapped_column("currency"))

    @hybrid_property
    def is_free(self) -> bool:
        return self.price.amount == 0

    @cached_property
    def text(self) -> str:
        return f"{self.price.amount} {self.price.currency}"


@dataclass
class Item:
    price: Price
    is_free: bool
    text: str


@given(price=some.builds(Price, some.integers(), some.text()))
def test_composites_go_both_ways_and_computed_attributes_of_entities_are_sources(price: Price) -> None:
    mapper = Mapper(strict=True)
    row = mapper.map(Item(price, is_free=False, text=""), ItemRow)
    assert row.price == price
    assert mapper.map(row, Item) == Item(price, price.amount == 0, f"{price.amount} {price.currency}")


def test_a_composite_of_required_columns_is_required() -> None:
    with pytest.raises(MappingError, match=r"ItemRow\.price has no source in Line"):
        Mapper().add_mapping(Line, ItemRow, strict=True)


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)

    last_name: str
    nick_name: str | None = None


class Choosing(BaseModel):
    last_name: str = PydanticField(validation_alias=AliasChoices("surname", "lastName"))
    nick_name: str | None = PydanticField(None, alias="nick")


class Both(Camel):
    model_config = ConfigDict(validate_by_name=True)


@dataclass
class Named:
    last_name: str
    nick_name: str


@pytest.mark.parametrize("model", [Camel, Choosing, Both])
def test_models_that_take_other_names_than_their_fields_have_are_given_those(model: Any) -> None:
    mapper = Mapper(strict=True)
    made = mapper.map(Named("Doe", "J"), model)
    assert (made.last_name, made.nick_name) == ("Doe", "J")
    assert mapper.map(made, Named) == Named("Doe", "J")
    assert mapper.update(Named("Roe", "R"), made).nick_name == "R"
