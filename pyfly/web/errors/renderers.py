"""The two forms of error bodies that come with the framework."""

from typing import Any

from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.record import Record
from pyfly.kernel.types import ErrorResponse, FieldError
from pyfly.web.ports.errors import ErrorRenderer, RenderedError, RequestInfo


class ProblemField(Record, kw_only=True):
    """One refused field: its path, where it was (body, query, path, header, cookie), and what is wrong."""

    field: str
    location: str
    message: str
    code: str


class ProblemDetail(Record, kw_only=True):
    """An error body as RFC 9457 defines it, with the members that this framework adds."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    instance: str | None = None
    code: str | None = None
    transaction_id: str | None = None
    error_id: str | None = None
    errors: list[ProblemField] | None = None


class ProblemRenderer(ErrorRenderer):
    """Renders ``application/problem+json`` (RFC 9457): the default."""

    media_type = "application/problem+json"

    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        """Return *error* as a problem detail; members without a value are left out."""
        body: dict[str, Any] = {
            "type": error.documentation_url or "about:blank",
            "title": error.error,
            "status": error.status,
            "detail": error.message,
            "instance": request.path,
            "code": error.code,
            "transaction_id": error.transaction_id,
            "error_id": request.error_id,
            "errors": [_problem_field(item) for item in error.field_errors],
        }
        return RenderedError({name: value for name, value in body.items() if value})

    def schema(self) -> type | None:
        """Return :class:`ProblemDetail`."""
        return ProblemDetail


def _problem_field(item: FieldError) -> dict[str, str]:
    return {
        "field": item.field,
        "location": getattr(item, "location", "body"),
        "message": item.message,
        "code": getattr(item, "code", "invalid"),
    }


class EnvelopeError(Record, kw_only=True):
    """What the error envelope contains."""

    message: str
    code: str
    transaction_id: str
    timestamp: str
    status: int
    path: str
    error_id: str | None = None
    context: dict[str, Any] | None = None


class ErrorEnvelope(Record, kw_only=True):
    """An error body of the form ``{"error": {...}}``."""

    error: EnvelopeError


class EnvelopeRenderer(ErrorRenderer):
    """Renders ``{"error": {...}}``: ``pyfly.web.errors.format: envelope``."""

    media_type = "application/json"

    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        """Return *error* in the envelope, with the context of the exception below status 500."""
        body: dict[str, Any] = {
            "message": error.message,
            "code": error.code,
            "transaction_id": error.transaction_id,
            "timestamp": error.timestamp,
            "status": error.status,
            "path": error.path,
        }
        if request.error_id:
            body["error_id"] = request.error_id
        elif isinstance(failure, PyFlyException) and failure.context:
            body["context"] = failure.context
        return RenderedError({"error": body})

    def schema(self) -> type | None:
        """Return :class:`ErrorEnvelope`."""
        return ErrorEnvelope
