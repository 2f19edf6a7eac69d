"""Ports of error handling: how failures of other libraries are understood, and how errors look."""

from collections.abc import Mapping
from typing import Protocol

from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.record import Record, attribute
from pyfly.kernel.types import ErrorResponse


class RequestInfo(Record):
    """The request that failed, as far as an error response may speak of it.

    Attributes:
        method: The HTTP method.
        path: The path, without the query string.
        url: The whole URL that was requested.
        error_id: For a status of 500 and above, the id under which the failure was logged; else empty.
    """

    method: str
    path: str
    url: str
    error_id: str = ""


class RenderedError(Record):
    """An error in its wire format.

    Attributes:
        body: Bytes, or anything that can be written as JSON (dictionaries, dataclasses, pydantic models).
        status: Overrides the status of the error response.
        media_type: The content type; the renderer's own when empty.
        headers: Additional headers.
    """

    body: object
    status: int | None = None
    media_type: str = ""
    headers: Mapping[str, str] = attribute(default_factory=dict)


class ErrorRenderer(Protocol):
    """Port: gives every error response of the application its form. The application's own bean wins."""

    media_type: str

    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        """Return the wire format of *error*.

        ``error.message`` and ``error.field_errors`` are safe to show; *failure* is the exception itself,
        whose text must not reach clients when the status is 500 or above.
        """

    def schema(self) -> type | None:
        """Return the class that describes the body in the OpenAPI document, or ``None``."""
        return None


class ExceptionConverter(Protocol):
    """Port: turns the exception of some library into one that has a status. Beans join by ``@order``."""

    def can_handle(self, exc: Exception) -> bool:
        """Say whether :meth:`convert` understands *exc*."""

    def convert(self, exc: Exception) -> PyFlyException:
        """Return the exception that is reported instead."""
