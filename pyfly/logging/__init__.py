"""Structured logs: one record is one line, whichever library wrote it.

``structlog`` and the standard library end in the same handler, so both look alike in every format
(``console``, ``json``, ``ecs``, ``logstash``) and handlers of other programs keep working.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.logging.port import Logger, LoggingPort
    from pyfly.logging.settings import LoggingSettingError
    from pyfly.logging.structlog_adapter import StructlogAdapter

__all__ = ["Logger", "LoggingPort", "LoggingSettingError", "StructlogAdapter"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Logger": "pyfly.logging.port",
        "LoggingPort": "pyfly.logging.port",
        "LoggingSettingError": "pyfly.logging.settings",
        "StructlogAdapter": "pyfly.logging.structlog_adapter",
    },
)
