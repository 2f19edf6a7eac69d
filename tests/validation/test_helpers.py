import json
import traceback
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from annotated_types import Ge, MinLen
from pydantic import BaseModel, field_validator

from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import Violation, validate_model


class Address(BaseModel):
    city: Annotated[str, MinLen(1)]


class Account(BaseModel):
    name: Annotated[str, MinLen(2)]
    password: Annotated[str, MinLen(8)]
    addresses: list[Address] = []

    @field_validator("name")
    @classmethod
    def not_root(cls, value: str) -> str:
        if value == "root":
            raise ValueError("root is reserved")
        return value


def refused(data: dict[str, Any]) -> ValidationException:
    with pytest.raises(ValidationException) as caught:
        validate_model(Account, data)
    return caught.value


def test_valid_data_becomes_the_model() -> None:
    found = validate_model(Account, {"name": "ann", "password": "long enough"})
    assert found == Account(name="ann", password="long enough")


def test_a_dataclass_is_a_model_too() -> None:
    @dataclass
    class Size:
        width: Annotated[int, Ge(1)]

    assert validate_model(Size, {"width": "3"}) == Size(3)
    with pytest.raises(ValidationException, match="width"):
        validate_model(Size, {"width": 0})


def test_the_message_lists_each_field_with_its_complaint() -> None:
    failure = refused({"name": "a", "password": "x", "addresses": [{"city": ""}]})
    assert failure.code == "VALIDATION_ERROR"
    assert [part.split(": ")[0] for part in str(failure).split("; ")] == [
        "name",
        "password",
        "addresses.0.city",
    ]


def test_errors_can_be_written_as_json_even_when_a_validator_raised() -> None:
    failure = refused({"name": "root", "password": "long enough"})
    (item,) = json.loads(json.dumps(failure.context["errors"]))
    assert item == {"type": "value_error", "loc": ["name"], "msg": "Value error, root is reserved"}


def test_no_trace_of_the_failure_shows_the_input() -> None:
    failure = refused({"name": "ann", "password": "hunter2"})
    shown = "".join(traceback.format_exception(failure))
    assert failure.__cause__ is not None
    assert "hunter2" not in shown + str(failure.context) + repr(failure.__cause__)


def test_violations_name_fields_without_the_refused_values() -> None:
    failure = refused({"name": "ann", "password": "hunter2"})
    (violation,) = failure.violations  # type: ignore[attr-defined]
    assert violation == Violation(
        "password", "String should have at least 8 characters", location="body", code="string_too_short"
    )
    assert violation.rejected_value is None
