"""structlog in front of the standard library: every record leaves through one handler."""

import logging
import os
import sys
from typing import cast

from pyfly.kernel.importing import when_imported
from pyfly.kernel.types import Settings
from pyfly.logging.handler import RecordFormatter, own_handler
from pyfly.logging.port import Logger
from pyfly.logging.renderers import renderer
from pyfly.logging.settings import LoggingSettings, level_number


class StructlogAdapter:
    """The default :class:`~pyfly.logging.port.LoggingPort`.

    It owns one handler on the root logger, writing to standard output. Handlers of other programs
    (test runners, servers) stay where they are and see ordinary records with readable messages.
    structlog is set up when the program imports it; one that does not never pays for it.
    """

    def configure(self, config: Settings) -> None:
        """Apply ``pyfly.logging.*``; see the port. Levels that are no longer configured are reset."""
        settings = LoggingSettings.read(config)
        handler = own_handler()
        for name in handler.leveled - set(settings.levels):
            logging.getLogger(name).setLevel(logging.NOTSET)
        for name, level in settings.levels.items():
            logging.getLogger(name).setLevel(level)
        handler.leveled = set(settings.levels)
        handler.setFormatter(
            RecordFormatter(renderer(settings.format, colored=_colored(settings), service=settings.service))
        )
        logging.getLogger().setLevel(settings.root)
        when_imported("structlog", _connect)

    def get_logger(self, name: str) -> Logger:
        """Return a structlog logger over the standard library's logger *name*."""
        from structlog.stdlib import get_logger  # for those who ask for its loggers

        return cast("Logger", get_logger(name))

    def set_level(self, name: str, level: str) -> None:
        """Set the level of one logger, or of ``root``, until the next :meth:`configure`."""
        target = logging.getLogger(None if name == "root" else name)
        target.setLevel(level_number(level, f"the level of logger {name!r}"))


def _connect() -> None:
    from pyfly.logging.structlog_bridge import connect  # imports structlog itself

    connect()


def _colored(settings: LoggingSettings) -> bool:
    if settings.color != "auto":
        return settings.color == "always"
    plain = settings.production or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and sys.stdout.isatty()
