from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import pytest
from annotated_types import Ge

from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import Constraint, Create, InvalidResultException, validated
from pyfly.validation.plan import plan_of


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


async def test_arguments_of_a_generator_are_checked_when_it_is_called() -> None:
    @validated
    def numbers(up_to: Annotated[int, Ge(0)]) -> Iterator[int]:
        yield from range(up_to)

    assert list(numbers(2)) == [0, 1]
    with pytest.raises(ValidationException):
        numbers(-1)


def test_protocols_that_cannot_be_recognised_are_left_alone() -> None:
    class Closeable(Protocol):
        def close(self) -> None: ...

    @validated
    def use(resource: Closeable) -> str:
        return "used"

    assert use(object()) == "used"  # type: ignore[arg-type]


def test_parameters_may_have_any_name() -> None:
    @validated
    def odd(pyfly_check: int, errors: int, proceed: int) -> int:
        return pyfly_check + errors + proceed

    assert odd(1, 2, 3) == 6


def test_what_nobody_constrains_is_not_checked() -> None:
    def free(a, b: Any, c: object) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001

    assert plan_of(free, returns=True, skip_first=False).parameters[0].validate is None
    assert plan_of(lambda: None, returns=True, skip_first=False).is_empty


def test_an_annotation_that_makes_no_sense_is_an_error() -> None:
    def use(value: Annotated[int, Create]) -> None: ...

    with pytest.raises(TypeError, match="Create applies to a pydantic model"):
        plan_of(use, returns=True, skip_first=False)
