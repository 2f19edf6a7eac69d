"""What listener functions want, and what they are given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from pyfly.eda import EventEnvelope
from pyfly.eda.handling import wish_of


@dataclass
class Placed:
    id: int


class Paid: ...


def nothing() -> None: ...
def anything(event) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001
def envelope(event: EventEnvelope) -> None: ...
def placed(event: Placed) -> None: ...
def annotated(event: Annotated[Placed, "by somebody"]) -> None: ...
def either(event: Placed | Paid) -> None: ...
def values(event: dict[str, Any]) -> None: ...
def two(event: Placed, other: Placed) -> None: ...
def defaulted(event: Placed, other: int = 1) -> None: ...


@pytest.mark.parametrize(
    ("function", "said", "wanted"),
    [
        (placed, (), (Placed,)),
        (annotated, (), (Placed,)),
        (defaulted, (), (Placed,)),
        (either, (), (Placed, Paid)),
        (values, (), (dict,)),
        (envelope, (), ("*",)),
        (envelope, ("order.*",), ("order.*",)),
        (nothing, ("order.*",), ("order.*",)),
        (placed, ("order.*",), ("order.*",)),
    ],
)
def test_what_is_said_wins_over_the_type_of_the_parameter(
    function: Callable[..., Any], said: tuple[str, ...], wanted: tuple[object, ...]
) -> None:
    assert wish_of(function, said, is_method=False).wanted == wanted


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (nothing, "neither a parameter nor a pattern"),
        (anything, "not annotated"),
        (two, "more than one parameter"),
    ],
)
def test_a_function_that_does_not_say_what_it_wants_is_refused(
    function: Callable[..., Any], complaint: str
) -> None:
    with pytest.raises(LookupError, match=complaint):
        wish_of(function, (), is_method=False)


def given(function: Callable[..., Any], payload: Any, *wanted: str | type) -> tuple[Any, ...]:
    sent = EventEnvelope("order.placed", payload, "orders")
    taken: tuple[Any, ...] = wish_of(function, wanted, is_method=False).bind(lambda *taken: taken)(sent)
    return tuple("envelope" if each is sent else each for each in taken)


def test_a_listener_is_given_what_its_parameter_says() -> None:
    assert given(nothing, {}, "order.*") == ()
    assert given(envelope, {}, "order.*") == ("envelope",)
    assert given(anything, {}, "order.*") == ("envelope",)
    assert given(anything, Placed(1), Placed) == (Placed(1),)
    assert given(values, {"id": 1}, "order.*") == ({"id": 1},)
    assert given(placed, Placed(1), "order.*") == (Placed(1),)


def test_a_dictionary_is_made_into_the_class_that_a_listener_asks_for() -> None:
    assert given(placed, {"id": 1}, "order.*") == (Placed(1),)


def test_a_payload_that_is_something_else_is_a_failure_of_the_listener() -> None:
    with pytest.raises(TypeError, match=r"the payload of order\.placed is a int, not a Placed"):
        given(placed, 7, "order.*")
