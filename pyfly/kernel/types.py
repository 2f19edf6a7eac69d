"""Small value types that several layers exchange: the error response and the view of settings."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from pyfly.kernel.record import Record


class ErrorCategory(Enum):
    """What kind of failure an error response reports."""

    VALIDATION = "VALIDATION"
    BUSINESS = "BUSINESS"
    TECHNICAL = "TECHNICAL"
    SECURITY = "SECURITY"
    EXTERNAL = "EXTERNAL"
    RESOURCE = "RESOURCE"
    RATE_LIMIT = "RATE_LIMIT"
    CIRCUIT_BREAKER = "CIRCUIT_BREAKER"


class ErrorSeverity(Enum):
    """How urgently a failure needs attention."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


class FieldError(Record):
    """One field of the input that was refused, and why."""

    field: str
    message: str
    rejected_value: Any = None

    def to_dict(self) -> dict[str, Any]:
        """Return the three values under their names."""
        return {"field": self.field, "message": self.message, "rejected_value": self.rejected_value}


@dataclass
class ErrorResponse:
    """What a client is told about a failure, before a renderer gives it a wire format."""

    timestamp: str
    status: int
    error: str
    message: str
    code: str
    path: str
    trace_id: str | None = None
    span_id: str | None = None
    transaction_id: str | None = None
    category: ErrorCategory = ErrorCategory.TECHNICAL
    severity: ErrorSeverity = ErrorSeverity.MEDIUM
    retryable: bool = False
    retry_after: int | None = None
    field_errors: list[FieldError] = field(default_factory=list)
    debug_info: dict[str, Any] | None = None
    suggestion: str | None = None
    documentation_url: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return a dictionary ready for JSON; optional values that are not set are left out."""
        body: dict[str, Any] = {
            "timestamp": self.timestamp,
            "status": self.status,
            "error": self.error,
            "message": self.message,
            "code": self.code,
            "path": self.path,
            "category": self.category.value,
            "severity": self.severity.value,
            "retryable": self.retryable,
        }
        body.update((name, value) for name in _OPTIONAL if (value := getattr(self, name)) is not None)
        if self.field_errors:
            body["field_errors"] = [error.to_dict() for error in self.field_errors]
        return body


class Settings(Protocol):
    """What layers below the configuration need of it: values by dotted key."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of *key*, or *default* when it is not set."""


_OPTIONAL = (
    "trace_id",
    "span_id",
    "transaction_id",
    "retry_after",
    "suggestion",
    "documentation_url",
    "debug_info",
)
