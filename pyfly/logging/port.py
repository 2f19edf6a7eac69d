"""What the application needs of a logging library."""

from typing import Any, Protocol, runtime_checkable

from pyfly.kernel.types import Settings


class Logger(Protocol):
    """Writes events with fields; the fields reach every format under their own names."""

    def debug(self, event: str, *args: Any, **fields: Any) -> Any:
        """Write what only a developer needs."""

    def info(self, event: str, *args: Any, **fields: Any) -> Any:
        """Write what happened in normal operation."""

    def warning(self, event: str, *args: Any, **fields: Any) -> Any:
        """Write what went wrong without stopping anything."""

    def error(self, event: str, *args: Any, **fields: Any) -> Any:
        """Write what failed; ``exc_info=`` takes an exception."""

    def exception(self, event: str, *args: Any, **fields: Any) -> Any:
        """Write what failed, with the traceback of the exception being handled."""

    def critical(self, event: str, *args: Any, **fields: Any) -> Any:
        """Write what ends the program."""

    def bind(self, **fields: Any) -> "Logger":
        """Return a logger that adds *fields* to each of its events."""


@runtime_checkable
class LoggingPort(Protocol):
    """Port: sets logging up and hands out loggers."""

    def configure(self, config: Settings) -> None:
        """Apply ``pyfly.logging.*``. Calling it again replaces what the last call set up.

        Nothing is changed if a setting is invalid.

        Raises:
            LoggingSettingError: A level, format or colour mode is unknown.
        """

    def get_logger(self, name: str) -> Logger:
        """Return the logger called *name*; it follows every later :meth:`configure`."""

    def set_level(self, name: str, level: str) -> None:
        """Let the logger *name* (``root`` for all) pass events from *level* upwards.

        Raises:
            LoggingSettingError: The level is unknown.
        """
