from dataclasses import dataclass
from typing import Annotated, ClassVar

import pytest
from annotated_types import Ge
from pydantic import BaseModel

from pyfly.container import Container
from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import Constraint, ObjectValidator


class Even(Constraint[int]):
    message: ClassVar[str] = "is odd"

    def is_valid(self, value: int) -> bool:
        return value % 2 == 0


class Session: ...


@dataclass
class Cart:
    copy: Annotated[int, Ge(1)]
    _size: Annotated[int, Even] = 2
    session: Session | None = None


class Model(BaseModel):
    size: Annotated[int, Even]


@pytest.fixture
def validator() -> ObjectValidator:
    container = Container()
    container.register(Even)
    return ObjectValidator(container)


@pytest.mark.parametrize(
    "value",
    [Cart(1), Cart(1, 4, Session()), Model(size=2), object(), "text"],
    ids=["defaults", "all fields", "model", "nothing to check", "text"],
)
async def test_objects_in_order_pass(validator: ObjectValidator, value: object) -> None:
    await validator.validate_object(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Cart(0), "copy: Input should be greater than or equal to 1"),
        (Cart("x"), "copy: Input should be a valid integer"),  # type: ignore[arg-type]
        (Cart(1, 3), "_size: is odd"),
        (Cart(1, 2, "no session"), "session: Input should be an instance of"),  # type: ignore[arg-type]
        (Model(size=3), "size: is odd"),
    ],
)
async def test_a_field_that_breaks_its_type_or_constraint_is_refused(
    validator: ObjectValidator, value: object, message: str
) -> None:
    with pytest.raises(ValidationException) as caught:
        await validator.validate_object(value)
    assert str(caught.value).startswith(message)
