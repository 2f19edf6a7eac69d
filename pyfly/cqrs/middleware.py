"""The middleware that comes with the mediator: logging, metrics, validation and retry."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final

from pyfly.cqrs.dispatch import correlation_id
from pyfly.cqrs.ports.outbound import CqrsMiddleware, MessageValidator, MeterRegistry, RetryPolicy
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import BusinessException, SecurityException

__all__ = [
    "CqrsMiddleware",
    "LoggingMiddleware",
    "MetricsMiddleware",
    "RetryMiddleware",
    "ValidationMiddleware",
]

Next = Callable[[Any], Awaitable[Any]]

# What a caller did wrong: no defect of the program, so no traceback.
EXPECTED: Final = (BusinessException, SecurityException)


class LoggingMiddleware(CqrsMiddleware):
    """Logs each message by its type: when it begins, and with its duration when it ends, well or not.

    What a caller did wrong is a warning; anything else is an error with its traceback. The content of
    messages is never logged.
    """

    def __init__(self, logger: Any = None, *, clock: Clock | None = None) -> None:
        """Log to *logger*, which takes keywords as structlog's do, or to the logger ``pyfly.cqrs``."""
        self._logger = logger if logger is not None else _StandardLogger()
        self._clock = clock or SystemClock()

    async def handle(self, message: Any, next_handler: Next) -> Any:
        """Log around the rest of the chain."""
        name, log = type(message).__name__, self._logger
        beginning, end = f"Handling {name}", f"Completed {name}"
        log.info(beginning, message_type=name)
        began = self._clock.monotonic()
        try:
            result = await next_handler(message)
        except Exception as failure:
            self._log_failure(name, failure, began)
            raise
        log.info(end, message_type=name, duration_ms=self._since(began))
        return result

    def _log_failure(self, name: str, failure: Exception, began: float) -> None:
        said = {
            "message_type": name,
            "duration_ms": self._since(began),
            "error": type(failure).__name__,
            "correlation_id": correlation_id(),
        }
        log = self._logger
        if isinstance(failure, EXPECTED):
            getattr(log, "warning", log.info)(f"Refused {name}: {failure}", **said)
        else:
            getattr(log, "error", log.info)(f"Failed {name}", **said, exc_info=failure)

    def _since(self, began: float) -> float:
        return round((self._clock.monotonic() - began) * 1000, 3)


class _StandardLogger:
    """The logger ``pyfly.cqrs`` of the standard library, with keywords."""

    def __init__(self) -> None:
        self._log = logging.getLogger("pyfly.cqrs")

    def info(self, text: str, **said: Any) -> None:
        if self._log.isEnabledFor(logging.INFO):
            self._log.info("%s", text, extra=said)

    def warning(self, text: str, **said: Any) -> None:
        self._log.warning("%s", text, extra=said)

    def error(self, text: str, *, exc_info: BaseException, **said: Any) -> None:
        self._log.error("%s", text, extra=said, exc_info=exc_info)


class MetricsMiddleware(CqrsMiddleware):
    """Counts messages, and measures them by type and outcome where the registry has histograms."""

    def __init__(self, registry: MeterRegistry | None = None, *, clock: Clock | None = None) -> None:
        """Record in *registry*; without one, nothing is recorded."""
        self._registry = registry
        self._clock = clock or SystemClock()
        self._seconds: Any = None
        if registry is not None and hasattr(registry, "histogram"):
            self._seconds = registry.histogram(
                "cqrs_message_seconds", "How long messages take", ["message", "outcome"]
            )

    async def handle(self, message: Any, next_handler: Next) -> Any:
        """Record around the rest of the chain."""
        if self._registry is None:
            return await next_handler(message)
        self._registry.counter("cqrs_messages_total", "Total messages processed by the mediator").inc()
        if self._seconds is None:
            return await next_handler(message)
        began, outcome = self._clock.monotonic(), "cancelled"
        try:
            result = await next_handler(message)
            outcome = "success"
        except EXPECTED:
            outcome = "refused"
            raise
        except Exception:
            outcome = "error"
            raise
        finally:
            seconds = self._clock.monotonic() - began
            self._seconds.labels(type(message).__name__, outcome).observe(seconds)
        return result


class ValidationMiddleware(CqrsMiddleware):
    """Refuses messages that break the constraints of their fields."""

    def __init__(self, validator: MessageValidator) -> None:
        """Ask *validator* about every message."""
        self._validator = validator

    async def handle(self, message: Any, next_handler: Next) -> Any:
        """Check *message*, then go on."""
        await self._validator.validate_object(message)
        return await next_handler(message)


class RetryMiddleware(CqrsMiddleware):
    """Handles a message again when that failed. Outside of the transaction, so every attempt has its own."""

    def __init__(self, policy: RetryPolicy) -> None:
        """Try as often as *policy* says."""
        self._policy = policy

    async def handle(self, message: Any, next_handler: Next) -> Any:
        """Call the rest of the chain under the policy."""
        return await self._policy.call(next_handler, message)
