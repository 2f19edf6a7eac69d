"""Failures of other libraries, turned into exceptions that have a status."""

from pyfly.web.errors.converters import (
    ExceptionConverterService,
    JSONExceptionConverter,
    PydanticExceptionConverter,
)
from pyfly.web.ports.errors import ExceptionConverter

__all__ = [
    "ExceptionConverter",
    "ExceptionConverterService",
    "JSONExceptionConverter",
    "PydanticExceptionConverter",
]
