import pickle

import pytest

from pyfly.domain import DomainError, IllegalTransitionError
from pyfly.kernel.exceptions import BusinessException, ConflictException


class OrderClosed(DomainError):
    def __init__(self, order: int) -> None:
        super().__init__("ORDER_CLOSED", 409, f"Order {order} is closed", context={"order": order})


def test_an_error_carries_its_code_and_status() -> None:
    failure = OrderClosed(7)
    assert (failure.code, failure.status, str(failure)) == ("ORDER_CLOSED", 409, "Order 7 is closed")
    assert failure.context == {"order": 7}
    assert isinstance(failure, BusinessException)


def test_the_message_is_made_of_the_code_when_there_is_none() -> None:
    assert str(DomainError("order.already-CLOSED")) == "Order already closed"


def test_a_status_that_is_no_error_is_refused() -> None:
    with pytest.raises(ValueError, match="not 200"):
        DomainError("FINE", 200)


@pytest.mark.parametrize("failure", [OrderClosed(7), IllegalTransitionError("status", "a", "b", ("c",))])
def test_errors_survive_pickling(failure: DomainError | IllegalTransitionError) -> None:
    copy = pickle.loads(pickle.dumps(failure))
    assert type(copy) is type(failure)
    assert (str(copy), copy.code, copy.context) == (str(failure), failure.code, failure.context)


def test_an_illegal_move_is_a_conflict_that_names_the_allowed_ones() -> None:
    failure = IllegalTransitionError("status", "draft", "archived", ("active",))
    assert isinstance(failure, ConflictException)
    assert str(failure) == "'status' cannot go from 'draft' to 'archived'; allowed: 'active'"
    assert failure.context["allowed"] == ["active"]


def test_an_illegal_move_from_an_end_says_that_nothing_follows() -> None:
    assert "nothing follows it" in str(IllegalTransitionError("status", "archived", "draft", ()))
