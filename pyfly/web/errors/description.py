"""What a client may know about a failure."""

from math import ceil, isfinite
from typing import Final

from pyfly.kernel.clock import Clock
from pyfly.kernel.exceptions import (
    BusinessException,
    CircuitBreakerException,
    ExternalServiceException,
    PyFlyException,
    RateLimitException,
    ResourceNotFoundException,
    SecurityException,
    ValidationException,
)
from pyfly.kernel.types import ErrorCategory, ErrorResponse, ErrorSeverity
from pyfly.web.errors.exceptions import ResponseStatusException
from pyfly.web.errors.status import reason_of

SERVER_ERROR: Final = 500

_RETRYABLE: Final = frozenset({429, 502, 503, 504})
_UNEXPECTED: Final = "Internal server error"
_CATEGORIES: Final[dict[type, ErrorCategory]] = {
    ValidationException: ErrorCategory.VALIDATION,
    ResourceNotFoundException: ErrorCategory.RESOURCE,
    BusinessException: ErrorCategory.BUSINESS,
    SecurityException: ErrorCategory.SECURITY,
    RateLimitException: ErrorCategory.RATE_LIMIT,
    CircuitBreakerException: ErrorCategory.CIRCUIT_BREAKER,
    ExternalServiceException: ErrorCategory.EXTERNAL,
}


def describe(failure: Exception, status: int, path: str, request_id: str, clock: Clock) -> ErrorResponse:
    """Return the error response for *failure*; from status 500 on it does not contain its text."""
    hidden = status >= SERVER_ERROR
    return ErrorResponse(
        timestamp=clock.now().isoformat(),
        status=status,
        error=reason_of(status),
        message=_hidden_message(status) if hidden else str(failure) or reason_of(status),
        code=_code_of(failure),
        path=path,
        transaction_id=request_id,
        category=_category_of(failure),
        severity=ErrorSeverity.HIGH if hidden else ErrorSeverity.LOW,
        retryable=status in _RETRYABLE,
        retry_after=_retry_after_of(failure),
        field_errors=list(getattr(failure, "violations", None) or ())
        if isinstance(failure, PyFlyException)
        else [],
    )


def _hidden_message(status: int) -> str:
    return _UNEXPECTED if status == SERVER_ERROR else reason_of(status)


def _category_of(failure: Exception) -> ErrorCategory:
    return next((_CATEGORIES[c] for c in type(failure).__mro__ if c in _CATEGORIES), ErrorCategory.TECHNICAL)


def _retry_after_of(failure: Exception) -> int | None:
    said = failure.context.get("retry_after") if isinstance(failure, PyFlyException) else None
    return ceil(said) if isinstance(said, int | float) and isfinite(said) else None


def _code_of(failure: Exception) -> str:
    if not isinstance(failure, PyFlyException):
        return "INTERNAL_ERROR"
    if isinstance(failure, ResponseStatusException) and not failure.code:
        return reason_of(failure.status).upper().replace(" ", "_").replace("-", "_")
    return failure.code or type(failure).__name__
