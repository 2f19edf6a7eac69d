"""What is raised for refused values: where, what and why, never the values themselves."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from pyfly.kernel.exceptions import PyFlyException, ValidationException
from pyfly.kernel.record import Record
from pyfly.kernel.types import FieldError

Location = tuple[str | int, ...]


class ErrorItem(TypedDict):
    """One refused value in the form that pydantic gives it, without the value."""

    type: str
    loc: Location
    msg: str


class Violation(FieldError, Record):
    """One refused field for error responses. ``rejected_value`` stays empty: it may be a password."""

    location: str = "body"
    code: str = "invalid"


class ConstraintViolationException(ValidationException):
    """Values break their constraints; ``violations`` and ``context["errors"]`` say which and why."""

    def __init__(self, errors: Sequence[ErrorItem], *, location: str = "body") -> None:
        """Refuse what *errors* lists; they were in *location* of a request, if there is one."""
        super().__init__(_summary(errors), code="VALIDATION_ERROR", context={"errors": [*errors]})
        self.violations = tuple(
            Violation(_path(item["loc"]), item["msg"], location=location, code=item["type"])
            for item in errors
        )


class InvalidResultException(PyFlyException):
    """A method returned what its annotation does not allow: a mistake in the program, not in its input."""

    def __init__(self, method: str, errors: Sequence[ErrorItem]) -> None:
        """Say what is wrong with what *method* returned."""
        message = f"{method} returned an invalid value: {_summary(errors)}"
        super().__init__(message, code="INVALID_RESULT", context={"errors": [*errors]})


def items_of(error: ValidationError, prefix: Location = ()) -> list[ErrorItem]:
    """Return what *error* reports, each location after *prefix*; input values are left out."""
    return [
        ErrorItem(type=item["type"], loc=(*prefix, *item["loc"]), msg=item["msg"])
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def refusal(errors: Sequence[ErrorItem], title: str = "value") -> ConstraintViolationException:
    """Return the exception for *errors*, caused by pydantic's own, which does not show input either."""
    exception = ConstraintViolationException(errors)
    exception.__cause__ = _without_input(errors, title)
    return exception


def _without_input(errors: Sequence[ErrorItem], title: str) -> ValidationError:
    # The original error prints the values that caused it into every traceback.
    lines = [
        InitErrorDetails(
            type=PydanticCustomError(item["type"], "{text}", {"text": item["msg"]}),
            loc=item["loc"],
            input=None,
        )
        for item in errors
    ]
    return ValidationError.from_exception_data(title, lines, hide_input=True)


def _summary(errors: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{_path(item['loc'])}: {item['msg']}" for item in errors)


def _path(location: Location) -> str:
    return ".".join(map(str, location)) or "value"
