"""Refused input: the exceptions of parameter binding and the violations that they carry."""

from collections.abc import Sequence
from typing import Final

from pydantic_core import ValidationError

from pyfly.kernel.exceptions import (
    InvalidRequestException,
    UnsupportedMediaTypeException,
    ValidationException,
)
from pyfly.kernel.record import Record
from pyfly.kernel.types import FieldError

_MOST_VIOLATIONS: Final = 200
_LONGEST: Final = 200


class FieldViolation(FieldError, Record):
    """One refused field, with the part of the request that it comes from. Never holds the value itself."""

    location: str = "body"
    code: str = "invalid"


class InvalidParameters(InvalidRequestException):  # a kernel exception in a more specific form
    """Path, query, header or cookie values are missing or have the wrong form (400)."""

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        """Refuse the request because of *violations*."""
        super().__init__(_summary(violations), code="INVALID_PARAMETER", context=_context(violations))
        self.violations = tuple(violations)


class InvalidBody(ValidationException):  # a kernel exception in a more specific form
    """The body was readable but breaks the constraints of its model (422, or as configured)."""

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        """Refuse the request because of *violations*."""
        super().__init__(_summary(violations), code="VALIDATION_ERROR", context=_context(violations))
        self.violations = tuple(violations)


class UnreadableBody(InvalidRequestException):  # a kernel exception in a more specific form
    """The body is not what its content type says (400)."""


def violations_from(error: ValidationError, location: str, name: str = "") -> list[FieldViolation]:
    """Return the violations that *error* reports, without the input that caused them.

    Names and messages are cut where they are long: both may quote the request. More than a client can read
    are only counted.
    """
    count = error.error_count()
    if count > _MOST_VIOLATIONS:
        text = f"{count} values are invalid"
        return [FieldViolation(name or location, text, location=location, code="too_many_errors")]
    return [
        FieldViolation(
            field=_cut(".".join(str(step) for step in ((name,) if name else ()) + item["loc"])) or location,
            message=_cut(item["msg"]),
            location=location,
            code=item["type"],
        )
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def body_failure(error: ValidationError) -> InvalidRequestException | InvalidBody:
    """Return the exception for a body that pydantic refused: unparsable, or parsed and invalid."""
    found = violations_from(error, "body")
    if any(item.code == "json_invalid" for item in found):
        return UnreadableBody(found[0].message, code="INVALID_JSON")
    return InvalidBody(found)


def no_content_type() -> UnsupportedMediaTypeException:
    """Return the exception for a body that does not say what it is."""
    return UnsupportedMediaTypeException("The body has no content type", code="UNSUPPORTED_MEDIA_TYPE")


def missing(name: str, location: str) -> FieldViolation:
    """Return the violation for a required value that the request does not have."""
    return FieldViolation(field=name, message="Field required", location=location, code="missing")


def _summary(violations: Sequence[FieldViolation]) -> str:
    return "Validation failed: " + "; ".join(f"{item.field}: {item.message}" for item in violations)


def _context(violations: Sequence[FieldViolation]) -> dict[str, object]:
    return {
        "errors": [
            {"loc": [item.location, *item.field.split(".")], "msg": item.message, "type": item.code}
            for item in violations
        ]
    }
