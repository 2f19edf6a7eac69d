from typing import Annotated, Any

import pytest
from annotated_types import MinLen
from pydantic import BaseModel

from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import validate_input, validated, validator


class NewUser(BaseModel):
    name: Annotated[str, MinLen(1)]
    age: int = 0


@validate_input(NewUser, param="user")
async def create(user: Any, note: str = "") -> tuple[Any, str]:
    return user, note


async def test_a_dictionary_given_by_keyword_becomes_the_model() -> None:
    assert await create(user={"name": "ann"}) == (NewUser(name="ann"), "")


async def test_a_dictionary_given_by_position_becomes_the_model() -> None:
    assert await create({"name": "ann"}, "hi") == (NewUser(name="ann"), "hi")


@pytest.mark.parametrize("bad", [{"name": ""}, {}, "ann", 7])
async def test_invalid_input_is_refused_however_it_is_given(bad: object) -> None:
    with pytest.raises(ValidationException) as by_position:
        await create(bad)
    with pytest.raises(ValidationException) as by_keyword:
        await create(user=bad)
    assert by_position.value.code == by_keyword.value.code == "VALIDATION_ERROR"


async def test_an_instance_of_the_model_passes_as_it_is() -> None:
    user = NewUser(name="ann")
    assert (await create(user))[0] is user


async def test_a_default_that_nobody_replaces_is_not_validated() -> None:
    @validate_input(NewUser, param="user")
    async def find(user: NewUser | None = None) -> NewUser | None:
        return user

    assert await find() is None
    assert await find(None) is None


def test_a_sync_function_stays_sync() -> None:
    @validate_input(NewUser, param="user")
    def make(user: NewUser) -> str:
        return user.name

    assert make({"name": "ann"}) == "ann"  # type: ignore[arg-type]  # what the decorator is for


def test_a_method_keeps_its_receiver_at_position_zero() -> None:
    class Users:
        @validate_input(NewUser, param="user")
        def add(self, user: NewUser) -> str:
            return user.name

    assert Users().add({"name": "ann"}) == "ann"  # type: ignore[arg-type]  # what the decorator is for


def test_an_unknown_parameter_is_reported_while_decorating() -> None:
    with pytest.raises(TypeError, match="has no parameter 'usr' to validate; did you mean 'user'"):

        @validate_input(NewUser, param="usr")
        async def make(user: NewUser) -> None: ...


async def test_a_parameter_may_arrive_through_the_keywords_of_the_function() -> None:
    @validate_input(NewUser, param="user")
    async def make(**values: Any) -> Any:
        return values["user"]

    assert await make(user={"name": "ann"}) == NewUser(name="ann")


async def test_a_false_predicate_refuses_the_call_with_its_message() -> None:
    @validator(lambda amount, **_: amount > 0, message="Amount must be positive")
    async def pay(amount: int, note: str = "") -> int:
        return amount

    assert await pay(3, note="x") == 3
    with pytest.raises(ValidationException, match="Amount must be positive") as caught:
        await pay(0)
    assert caught.value.code == "VALIDATION_ERROR"


async def test_predicates_stack_and_may_be_async() -> None:
    async def is_free(name: str) -> bool:
        return name != "ann"

    @validator(is_free, "taken")
    @validator(bool, "empty")
    async def claim(name: str) -> str:
        return name

    assert await claim("bob") == "bob"
    with pytest.raises(ValidationException, match="taken"):
        await claim("ann")
    with pytest.raises(ValidationException, match="empty"):
        await claim("")


def test_predicates_of_sync_functions_see_the_receiver() -> None:
    class Account:
        balance = 5

        @validator(lambda self, amount: amount <= self.balance, "not enough")
        def withdraw(self, amount: int) -> int:
            return self.balance - amount

    assert Account().withdraw(2) == 3
    with pytest.raises(ValidationException, match="not enough"):
        Account().withdraw(9)


def test_an_async_predicate_of_a_sync_function_is_reported_while_decorating() -> None:
    async def slow(x: int) -> bool:
        return True

    with pytest.raises(TypeError, match="is not async"):
        validator(slow)(lambda x: x)


def test_a_function_of_no_class_is_wrapped_by_validated_at_once() -> None:
    @validated
    def greet(name: Annotated[str, MinLen(1)]) -> str:
        return name

    assert greet.__name__ == "greet"
    with pytest.raises(ValidationException, match="name"):
        greet("")


def test_a_method_is_left_as_it_is_until_a_context_advises_it() -> None:
    class Greeter:
        @validated
        def greet(self, name: Annotated[str, MinLen(1)]) -> str:
            return name

    assert Greeter().greet("") == ""
