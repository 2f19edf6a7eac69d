"""The exceptions that applications raise and that every layer of the framework understands.

    PyFlyException
    ├── BusinessException                      the request cannot be fulfilled as asked
    │   ├── ValidationException
    │   ├── ResourceNotFoundException
    │   ├── ConflictException
    │   ├── PreconditionFailedException
    │   ├── GoneException
    │   ├── InvalidRequestException
    │   ├── DataIntegrityException
    │   ├── ConcurrencyException
    │   ├── LockedResourceException
    │   ├── MethodNotAllowedException
    │   ├── UnsupportedMediaTypeException
    │   └── PayloadTooLargeException
    ├── SecurityException                      the caller may not do this
    │   ├── UnauthorizedException
    │   ├── ForbiddenException
    │   └── AuthorizationException
    └── InfrastructureException                something the application depends on failed
        ├── ServiceUnavailableException
        ├── CircuitBreakerException
        ├── RateLimitException
        │   └── QuotaExceededException
        ├── BulkheadException
        ├── OperationTimeoutException
        ├── RetryExhaustedException
        ├── DegradedServiceException
        ├── NotImplementedException
        └── ExternalServiceException
            ├── ThirdPartyServiceException
            ├── BadGatewayException
            └── GatewayTimeoutException

Every one of them is created with a message, and optionally a code and a context.
"""

from __future__ import annotations

from collections.abc import Mapping


class PyFlyException(Exception):
    """The root of all exceptions that carry a code and a context for error responses and logs.

    Attributes:
        code: A stable identifier for clients, such as ``"ORDER_CLOSED"``.
        context: Details for the log and the error response; a copy of what was given.
    """

    def __init__(
        self, message: str, code: str | None = None, context: Mapping[str, object] | None = None
    ) -> None:
        """Describe the failure in one sentence.

        Args:
            message: What ``str()`` of the exception gives.
            code: A stable identifier for clients.
            context: Details; copied, so later changes by the caller do not show.
        """
        super().__init__(message)
        self.code = code
        self.context: dict[str, object] = dict(context or {})


class BusinessException(PyFlyException):
    """The request is understood, but the rules of the application do not allow it."""


class ValidationException(BusinessException):
    """Input breaks a constraint; ``context["errors"]`` may list the fields."""


class ResourceNotFoundException(BusinessException):
    """The thing asked for does not exist."""


class ConflictException(BusinessException):
    """The request contradicts the current state of the resource."""


class PreconditionFailedException(BusinessException):
    """A condition that the caller set, such as ``If-Match``, does not hold."""


class GoneException(BusinessException):
    """The thing asked for existed and has been removed for good."""


class InvalidRequestException(BusinessException):
    """The request is malformed or makes no sense."""


class DataIntegrityException(BusinessException):
    """The change would break a constraint of the data store."""


class ConcurrencyException(BusinessException):
    """Somebody else changed the resource since it was read."""


class LockedResourceException(BusinessException):
    """The resource is locked by somebody else."""


class MethodNotAllowedException(BusinessException):
    """The resource exists but does not support this operation."""


class UnsupportedMediaTypeException(BusinessException):
    """The content type of the request is not one that is understood here."""


class PayloadTooLargeException(BusinessException):
    """The body of the request exceeds the limit."""


class SecurityException(PyFlyException):
    """The caller may not do this."""


class UnauthorizedException(SecurityException):
    """Nobody has proved who is calling; logging in may help."""


class ForbiddenException(SecurityException):
    """The caller is known and may not do this; logging in again does not help."""


class AuthorizationException(SecurityException):
    """A role or permission that the operation requires is missing."""


class InfrastructureException(PyFlyException):
    """Something that the application depends on failed."""


class ServiceUnavailableException(InfrastructureException):
    """The service cannot answer at the moment."""


class CircuitBreakerException(InfrastructureException):
    """The call was not made, because the circuit to its target is open."""


class RateLimitException(InfrastructureException):
    """There were too many calls in a period."""


class QuotaExceededException(RateLimitException):
    """The caller has used up what was allotted to it."""


class BulkheadException(InfrastructureException):
    """The call was not made, because too many are under way."""


class OperationTimeoutException(InfrastructureException):
    """The operation did not finish within its time limit."""


class RetryExhaustedException(InfrastructureException):
    """Every attempt failed; the last failure is the cause."""


class DegradedServiceException(InfrastructureException):
    """The service answers, but not with everything it usually offers."""


class NotImplementedException(InfrastructureException):
    """The operation exists in the interface and nothing implements it."""


class ExternalServiceException(InfrastructureException):
    """A remote service failed or answered with an error."""


class ThirdPartyServiceException(ExternalServiceException):
    """A service that somebody else operates failed."""


class BadGatewayException(ExternalServiceException):
    """A remote service gave an answer that cannot be used."""


class GatewayTimeoutException(ExternalServiceException):
    """A remote service did not answer in time."""
