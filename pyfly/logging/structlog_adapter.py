"""structlog in front of the standard library: every record leaves through one handler."""

import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger

from pyfly.kernel.types import Settings
from pyfly.logging.entry import FIELDS, Entry
from pyfly.logging.port import Logger
from pyfly.logging.renderers import Renderer, renderer
from pyfly.logging.settings import LoggingSettings, level_number


class StructlogAdapter:
    """The default :class:`~pyfly.logging.port.LoggingPort`.

    It owns one handler on the root logger, writing to standard output. Handlers of other programs
    (test runners, servers) stay where they are and see ordinary records with readable messages.
    """

    def configure(self, config: Settings) -> None:
        """Apply ``pyfly.logging.*``; see the port. Levels that are no longer configured are reset."""
        settings = LoggingSettings.read(config)
        handler = _own_handler()
        for name in handler.leveled - set(settings.levels):
            logging.getLogger(name).setLevel(logging.NOTSET)
        for name, level in settings.levels.items():
            logging.getLogger(name).setLevel(level)
        handler.leveled = set(settings.levels)
        handler.setFormatter(
            RecordFormatter(renderer(settings.format, colored=_colored(settings), service=settings.service))
        )
        logging.getLogger().setLevel(settings.root)
        _connect_structlog()

    def get_logger(self, name: str) -> Logger:
        """Return a structlog logger over the standard library's logger *name*."""
        return cast("Logger", structlog.stdlib.get_logger(name))

    def set_level(self, name: str, level: str) -> None:
        """Set the level of one logger, or of ``root``, until the next :meth:`configure`."""
        target = logging.getLogger(None if name == "root" else name)
        target.setLevel(level_number(level, f"the level of logger {name!r}"))


class RecordFormatter(logging.Formatter):
    """Formats records of structlog and of the standard library alike."""

    def __init__(self, render: Renderer) -> None:
        """Write records as *render* does."""
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of *record* without changing it."""
        return self._render(Entry.of(record))


class StdoutHandler(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stdout`` is at that moment, so redirection and capturing keep working."""

    def __init__(self) -> None:
        """Create the handler; it holds no stream of its own."""
        logging.Handler.__init__(self)
        self.leveled: set[str] = set()

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the base class keeps a fixed stream
        """The current standard output."""
        return sys.stdout


def _own_handler() -> StdoutHandler:
    root = logging.getLogger()
    present = [handler for handler in root.handlers if isinstance(handler, StdoutHandler)]
    if present:
        return present[0]
    handler = StdoutHandler()
    root.addHandler(handler)
    return handler


def _connect_structlog() -> None:
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


def _colored(settings: LoggingSettings) -> bool:
    if settings.color != "auto":
        return settings.color == "always"
    plain = settings.production or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and sys.stdout.isatty()
