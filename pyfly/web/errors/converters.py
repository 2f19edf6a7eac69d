"""The exception converters that come with the framework, and how converters are asked."""

from collections.abc import Sequence
from json import JSONDecodeError
from typing import cast

from pydantic_core import ValidationError

from pyfly.kernel.exceptions import InvalidRequestException, PyFlyException, ValidationException
from pyfly.web.errors.input import InvalidBody, violations_from
from pyfly.web.ports.errors import ExceptionConverter


class ExceptionConverterService:
    """Asks its converters in order; the first that can handle an exception converts it."""

    def __init__(self, converters: Sequence[ExceptionConverter]) -> None:
        """Ask *converters*, in this order."""
        self._converters = tuple(converters)

    def convert(self, exc: Exception) -> PyFlyException | None:
        """Return what *exc* is reported as, or ``None`` when no converter knows it."""
        return next((known.convert(exc) for known in self._converters if known.can_handle(exc)), None)


class PydanticExceptionConverter:
    """pydantic's ``ValidationError`` is a :class:`ValidationException`."""

    def can_handle(self, exc: Exception) -> bool:
        """Say whether *exc* is a pydantic validation error."""
        return isinstance(exc, ValidationError)

    def convert(self, exc: Exception) -> ValidationException:
        """Return the violations of *exc*, without the values that caused them."""
        return InvalidBody(violations_from(cast("ValidationError", exc), "body"))


class JSONExceptionConverter:
    """A syntax error of the standard library's JSON reader is an invalid request."""

    def can_handle(self, exc: Exception) -> bool:
        """Say whether *exc* is a JSON syntax error."""
        return isinstance(exc, JSONDecodeError)

    def convert(self, exc: Exception) -> InvalidRequestException:
        """Return where and why the text is not JSON."""
        found = cast("JSONDecodeError", exc)
        message = f"Invalid JSON: {found.msg}"
        return InvalidRequestException(message, code="INVALID_JSON", context={"position": found.pos})
