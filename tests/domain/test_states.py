from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.domain import AggregateRoot, IllegalTransitionError, State, StateEnum, StateMachine


class Order(AggregateRoot[int]):
    status: Any = StateMachine("draft >> active >> archived", "draft | active >> cancelled")


class Status(StateEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class Ticket:
    status: Any = StateMachine(Status.DRAFT >> Status.ACTIVE >> Status.ARCHIVED)


def test_an_object_starts_in_the_first_state() -> None:
    assert Order().status == "draft"


def test_legal_moves_are_plain_assignments() -> None:
    order = Order()
    order.status = "active"
    order.status = "archived"
    assert order.status == "archived"


def test_an_illegal_move_leaves_the_state_and_names_the_allowed_moves() -> None:
    order = Order()
    order.status = "draft"
    with pytest.raises(IllegalTransitionError) as caught:
        order.status = "archived"
    assert caught.value.context == {
        "field": "status",
        "from": "draft",
        "to": "archived",
        "allowed": ["active", "cancelled"],
    }
    assert order.status == "draft"


def test_assigning_the_current_state_changes_nothing() -> None:
    order = Order()
    order.status = "active"
    order.status = "active"
    assert order.status == "active"


def test_the_first_assignment_is_a_move_too() -> None:
    with pytest.raises(IllegalTransitionError):
        Order().status = "archived"


def test_a_constructor_may_begin_in_any_state() -> None:
    class Loaded(Order):
        def __init__(self, status: str) -> None:
            self.status = status

    assert Loaded("active").status == "active"
    with pytest.raises(IllegalTransitionError):
        Loaded("active").status = "draft"


def test_a_stored_state_can_be_restored() -> None:
    order = Order()
    Order.status.restore(order, "archived")
    assert order.status == "archived"
    with pytest.raises(IllegalTransitionError, match="nothing follows it"):
        order.status = "draft"


def test_an_unknown_state_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="'status' has no state 'actve'; did you mean 'active'"):
        Order().status = "actve"


def test_objects_do_not_share_their_state() -> None:
    one, two = Order(), Order()
    one.status = "active"
    assert two.status == "draft"


def test_a_machine_can_be_asked() -> None:
    machine: StateMachine = Order.status
    assert machine.states == ("draft", "active", "archived", "cancelled")
    assert machine.allowed_from("active") == ("archived", "cancelled")
    assert machine.can("draft", "active")
    assert not machine.can("archived", "draft")


def test_states_may_be_members_of_an_enum() -> None:
    ticket = Ticket()
    ticket.status = "active"
    assert ticket.status is Status.ACTIVE
    ticket.status = Status.ARCHIVED
    with pytest.raises(IllegalTransitionError, match="from 'archived' to 'draft'"):
        ticket.status = Status.DRAFT


def test_paths_are_also_made_of_states_with_alternatives() -> None:
    machine = StateMachine(State("new") >> ("won", "lost") >> "closed")
    assert machine.allowed_from("new") == ("won", "lost")
    assert machine.allowed_from("lost") == ("closed",)


def test_a_dataclass_field_can_be_a_machine() -> None:
    @dataclass
    class Task:
        title: str
        status: Any = StateMachine("open >> done")  # noqa: RUF009  # a descriptor, not a value

    assert Task("x").status == "open"
    task = Task("x", "done")
    with pytest.raises(IllegalTransitionError):
        task.status = "open"


def test_the_value_can_live_in_a_mapped_column() -> None:
    class Base(DeclarativeBase): ...

    class Invoice(Base):
        __tablename__ = "invoices"

        id: Mapped[int] = mapped_column(primary_key=True)
        state: Mapped[str] = mapped_column(default="open")
        status = StateMachine("open >> paid", stored_in="state")

    invoice = Invoice(id=1)
    assert invoice.status == "open"
    invoice.status = "paid"
    assert invoice.state == "paid"
    with pytest.raises(IllegalTransitionError):
        invoice.status = "open"


@pytest.mark.parametrize("paths", [(), ("draft",), ("draft >>",), ("a >> | b",)])
def test_a_machine_without_moves_is_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r">>"):
        StateMachine(*paths)


def test_a_model_accepts_the_states_only_and_its_schema_shows_them() -> None:
    class OrderView(BaseModel):
        status: Annotated[str, Order.status]

    assert OrderView(status="active").status == "active"
    with pytest.raises(ValidationError):
        OrderView(status="gone")
    schema = OrderView.model_json_schema()["properties"]["status"]
    assert schema["enum"] == ["draft", "active", "archived", "cancelled"]
    assert "draft >> active | cancelled" in schema["description"]
    assert schema["x-state-diagram"].startswith("stateDiagram-v2")


def test_the_diagram_shows_every_move() -> None:
    assert StateMachine("open >> done").diagram().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> s0",
        '    state "open" as s0',
        '    state "done" as s1',
        "    s0 --> s1",
        "    s1 --> [*]",
    ]


@given(st.lists(st.sampled_from(["draft", "active", "archived", "cancelled"]), max_size=8))
def test_whatever_is_tried_only_declared_moves_happen(wishes: list[str]) -> None:
    order, machine = Order(), Order.status
    order.status = "draft"
    for wish in wishes:
        before = order.status
        try:
            order.status = wish
        except IllegalTransitionError:
            assert not machine.can(before, wish)
            assert order.status == before
        else:
            assert before == wish or machine.can(before, wish)
