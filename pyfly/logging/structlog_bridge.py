"""Lets structlog's loggers write through the standard library, with their fields."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from pyfly.logging.entry import FIELDS


def connect() -> None:
    """Configure structlog."""
    structlog.configure(
        processors=list(_PROCESSORS),
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # Safe although it freezes the chain: the chain never changes, only the handler's formatter does.
        cache_logger_on_first_use=True,
    )


def _hand_over(
    _logger: WrappedLogger, _method: str, event: EventDict
) -> tuple[tuple[object], Mapping[str, Any]]:
    """Turn a structlog event into an ordinary record that carries its fields."""
    options = {name: event.pop(name) for name in ("exc_info", "stack_info", "stacklevel") if name in event}
    return (event.pop("event", ""),), {**options, "extra": {FIELDS: dict(event)}}


_PROCESSORS: Final[tuple[Any, ...]] = (
    structlog.stdlib.filter_by_level,
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.PositionalArgumentsFormatter(),
    _hand_over,
)
