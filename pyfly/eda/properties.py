"""The settings of events: ``pyfly.eda.*``."""

from datetime import timedelta
from typing import Annotated, Literal

from pyfly.core.config.declaration import Doc, config_properties
from pyfly.eda.types import ErrorStrategy
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record, attribute


class EventRetryProperties(Record, kw_only=True):
    """How events are delivered again to a listener whose strategy is to retry."""

    max_attempts: Annotated[
        int, Ge(1), Doc("How often an event is delivered to it, the first time included.")
    ] = 3
    delay: Annotated[timedelta, Doc("The pause before the second attempt.")] = timedelta(milliseconds=100)
    multiplier: Annotated[float, Ge(1), Doc("How much longer each further pause is.")] = 2.0
    max_delay: Annotated[timedelta, Doc("The longest pause.")] = timedelta(seconds=10)


class DeadLetterProperties(Record, kw_only=True):
    """The events that listeners could not handle."""

    capacity: Annotated[int, Ge(1), Doc("How many are kept in memory; the oldest are forgotten.")] = 1000


@config_properties("pyfly.eda")
class EdaProperties(Record, kw_only=True):
    """``pyfly.eda``: events and their listeners."""

    enabled: Annotated[
        bool | Literal["auto"], Doc("Offer an event bus; auto: when pyfly.eda is imported.")
    ] = "auto"
    error_strategy: Annotated[
        ErrorStrategy, Doc("What happens when a listener fails that does not say so itself.")
    ] = ErrorStrategy.LOG_AND_CONTINUE
    retry: EventRetryProperties = attribute(default_factory=EventRetryProperties)
    dead_letters: DeadLetterProperties = attribute(default_factory=DeadLetterProperties)
