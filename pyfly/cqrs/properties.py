"""The settings of commands and queries."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record, attribute


class Unhandled(StrEnum):
    """What is done about a message type without a handler when the application starts."""

    FAIL = "fail"
    WARN = "warn"
    IGNORE = "ignore"


class LoggingProperties(Record, kw_only=True):
    """The log of messages."""

    enabled: Annotated[bool, Doc("Log every message by its type, with its duration.")] = True


class MetricsProperties(Record, kw_only=True):
    """The metrics of messages."""

    enabled: Annotated[bool, Doc("Count and measure messages, where there is a registry of metrics.")] = True


class ValidationProperties(Record, kw_only=True):
    """The validation of messages."""

    enabled: Annotated[bool, Doc("Refuse messages that break the constraints of their fields.")] = True


class RetryProperties(Record, kw_only=True):
    """The retry of messages that met a conflict or a service that did not answer."""

    max_attempts: Annotated[int, Ge(1), Doc("How often a message is handled at most; 1 never retries.")] = 1
    delay: Annotated[timedelta, Doc("How long to wait before the second attempt.")] = timedelta(
        milliseconds=100
    )
    multiplier: Annotated[float, Ge(1), Doc("By how much each delay is longer than the one before.")] = 2.0
    max_delay: Annotated[timedelta, Doc("The longest delay.")] = timedelta(seconds=10)


@config_properties("pyfly.cqrs")
class CqrsProperties(Record, kw_only=True):
    """``pyfly.cqrs``: commands, queries and what they pass through."""

    unhandled: Annotated[
        Unhandled, Doc("A message without a handler, beside others that have one: fail, warn or ignore.")
    ] = Unhandled.FAIL
    logging: LoggingProperties = attribute(default_factory=LoggingProperties)
    metrics: MetricsProperties = attribute(default_factory=MetricsProperties)
    validation: ValidationProperties = attribute(default_factory=ValidationProperties)
    retry: RetryProperties = attribute(default_factory=RetryProperties)
