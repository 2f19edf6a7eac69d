from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from annotated_types import Ge, MinLen
from pydantic import BaseModel

from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import Constraint, InvalidResultException, validate_input, validated, validator


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
    @validator(lambda name: bool(name), "empty")
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


def test_a_plain_function_is_validated_at_once() -> None:
    @validated
    def page(size: Annotated[int, Ge(1)], *, offset: Annotated[int, Ge(0)] = 0) -> int:
        return size + offset

    assert page(3, offset=1) == 4
    with pytest.raises(ValidationException) as caught:
        page(0, offset=-1)
    assert [item["loc"] for item in caught.value.context["errors"]] == [("size",), ("offset",)]  # type: ignore[attr-defined]


async def test_a_wrong_result_is_the_programs_mistake_and_no_validation_exception() -> None:
    @validated
    async def count() -> Annotated[int, Ge(0)]:
        return -1

    with pytest.raises(InvalidResultException, match="count returned an invalid value"):
        await count()


async def test_results_can_be_left_unchecked() -> None:
    @validated(returns=False)
    async def count() -> Annotated[int, Ge(0)]:
        return -1

    assert await count() == -1


async def test_all_shapes_of_parameters_keep_their_meaning() -> None:
    marker = object()

    @validated
    def call(a: int, /, b: int, *rest: int, c: int = 3, d: Any = marker, **more: int) -> list[Any]:
        return [a, b, rest, c, d is marker, more]

    assert call(1, 2) == [1, 2, (), 3, True, {}]
    assert call(1, 2, 3, 4, c=5, d=None, e=6) == [1, 2, (3, 4), 5, False, {"e": 6}]
    with pytest.raises(ValidationException):
        call(1, 2, "x")  # type: ignore[arg-type]
    with pytest.raises(ValidationException):
        call(1, 2, e="x")  # type: ignore[arg-type]


async def test_arguments_of_an_async_generator_are_checked_when_it_is_called() -> None:
    @validated
    async def numbers(up_to: Annotated[int, Ge(0)]) -> AsyncIterator[int]:
        for number in range(up_to):
            yield number

    assert [number async for number in numbers(2)] == [0, 1]
    with pytest.raises(ValidationException):
        numbers(-1)


def test_objects_of_other_libraries_are_recognised_by_their_class() -> None:
    class Session: ...

    @dataclass
    class Holder:
        session: Session

    @validated
    def use(session: Session, holder: Holder) -> Session:
        return holder.session

    session = Session()
    assert use(session, Holder(session)) is session
    with pytest.raises(ValidationException, match="session"):
        use("no session", Holder(session))  # type: ignore[arg-type]


def test_a_plain_function_cannot_ask_a_bean() -> None:
    class Unique(Constraint[str]):
        def is_valid(self, value: str) -> bool:
            return True

    with pytest.raises(TypeError, match="is not a method of a bean, so it cannot ask Unique"):

        @validated
        def make(name: Annotated[str, Unique]) -> None: ...
