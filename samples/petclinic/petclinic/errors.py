"""The one form of every error response, as clients of PetClinic know it."""

import datetime as dt
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pyfly.container import component
from pyfly.kernel import DataIntegrityException, ErrorResponse, FieldError
from pyfly.web import ErrorRenderer, RenderedError, RequestInfo


class ValidationMessage(BaseModel):
    """What is wrong with one field."""

    message: str
    field: str


class ProblemDetail(BaseModel):
    """What is wrong with a request; ``type`` is its URL."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)

    type: str
    title: str
    status: int
    detail: str
    timestamp: dt.datetime
    schema_validation_errors: list[ValidationMessage]


@component
class ProblemDetailRenderer(ErrorRenderer):
    """Renders errors as ``ProblemDetail``; takes the place of the framework's own renderer."""

    media_type = "application/json"

    def render(self, error: ErrorResponse, failure: BaseException, request: RequestInfo) -> RenderedError:
        """Return the problem as a body, with the status that goes with it."""
        status = HTTPStatus.NOT_FOUND if isinstance(failure, DataIntegrityException) else error.status
        problem = ProblemDetail(
            type=request.url.partition("?")[0],
            title=error.error if status >= HTTPStatus.INTERNAL_SERVER_ERROR else type(failure).__name__,
            status=status,
            detail=error.message,
            timestamp=dt.datetime.now(dt.UTC),
            schema_validation_errors=[_message(field) for field in error.field_errors],
        )
        return RenderedError(problem.model_dump(mode="json", by_alias=True), status=status)

    def schema(self) -> type[ProblemDetail]:
        """Return what the API document says of error bodies."""
        return ProblemDetail


def _message(error: FieldError) -> ValidationMessage:
    return ValidationMessage(message=f"{error.field}: {error.message}", field=error.field)
