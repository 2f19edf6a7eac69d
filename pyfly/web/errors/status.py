"""Which HTTP status an exception has."""

from http import HTTPStatus

from pyfly.container.exceptions import BeanCreationException
from pyfly.kernel.exceptions import (
    BadGatewayException,
    BulkheadException,
    BusinessException,
    CircuitBreakerException,
    ConcurrencyException,
    ConflictException,
    DataIntegrityException,
    DegradedServiceException,
    GatewayTimeoutException,
    GoneException,
    InfrastructureException,
    InvalidRequestException,
    LockedResourceException,
    MethodNotAllowedException,
    NotImplementedException,
    OperationTimeoutException,
    PayloadTooLargeException,
    PreconditionFailedException,
    RateLimitException,
    ResourceNotFoundException,
    SecurityException,
    ServiceUnavailableException,
    UnauthorizedException,
    UnsupportedMediaTypeException,
    ValidationException,
)

_STATUS: dict[type, int] = {
    ValidationException: 422,
    ResourceNotFoundException: 404,
    ConflictException: 409,
    DataIntegrityException: 409,
    ConcurrencyException: 409,
    PreconditionFailedException: 412,
    GoneException: 410,
    InvalidRequestException: 400,
    LockedResourceException: 423,
    MethodNotAllowedException: 405,
    UnsupportedMediaTypeException: 415,
    PayloadTooLargeException: 413,
    BusinessException: 400,
    UnauthorizedException: 401,
    SecurityException: 403,
    RateLimitException: 429,
    CircuitBreakerException: 503,
    BulkheadException: 503,
    ServiceUnavailableException: 503,
    DegradedServiceException: 503,
    OperationTimeoutException: 504,
    GatewayTimeoutException: 504,
    NotImplementedException: 501,
    BadGatewayException: 502,
    BeanCreationException: 500,
    InfrastructureException: 502,
    TimeoutError: 504,
}


def status_of(failure: BaseException) -> int:
    """Return the status of *failure*: that of its nearest ancestor in the table, else 500."""
    return next((_STATUS[cls] for cls in type(failure).__mro__ if cls in _STATUS), 500)


def reason_of(status: int) -> str:
    """Return the standard phrase of *status*, such as ``"Not Found"``."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
