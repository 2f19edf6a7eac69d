"""What an error response tells a client."""

import pytest

from pyfly.kernel.types import ErrorCategory, ErrorResponse, ErrorSeverity, FieldError


def response(**changes: object) -> ErrorResponse:
    required = {
        "timestamp": "2026-11-21T00:00:00Z",
        "status": 404,
        "error": "Not Found",
        "message": "no such order",
        "code": "ORDER",
        "path": "/orders/5",
    }
    return ErrorResponse(**{**required, **changes})  # type: ignore[arg-type]  # a table of keywords


def test_a_bare_response_has_the_required_values_and_the_defaults_only() -> None:
    assert response().to_dict() == {
        "timestamp": "2026-11-21T00:00:00Z",
        "status": 404,
        "error": "Not Found",
        "message": "no such order",
        "code": "ORDER",
        "path": "/orders/5",
        "category": "TECHNICAL",
        "severity": "MEDIUM",
        "retryable": False,
    }


def test_optional_values_appear_once_they_are_set_even_when_they_are_falsy() -> None:
    body = response(
        trace_id="t",
        retry_after=0,
        debug_info={},
        category=ErrorCategory.RATE_LIMIT,
        severity=ErrorSeverity.LOW,
        field_errors=[FieldError("name", "too short", "x")],
    ).to_dict()
    assert body["trace_id"] == "t"
    assert body["retry_after"] == 0
    assert body["debug_info"] == {}
    assert body["category"] == "RATE_LIMIT"
    assert body["severity"] == "LOW"
    assert body["field_errors"] == [{"field": "name", "message": "too short", "rejected_value": "x"}]


def test_responses_do_not_share_their_field_errors() -> None:
    first = response()
    first.field_errors.append(FieldError("a", "b"))
    assert response().field_errors == []


def test_a_field_error_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="frozen record"):
        FieldError("name", "too short").message = "fine"  # type: ignore[misc]


@pytest.mark.parametrize("member", [*ErrorCategory, *ErrorSeverity], ids=str)
def test_each_category_and_severity_is_sent_under_its_own_name(member: ErrorCategory | ErrorSeverity) -> None:
    assert member.value == member.name
