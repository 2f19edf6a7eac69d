"""Settings of logging as earlier programs know them."""

from dataclasses import dataclass, field
from typing import Any

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.logging")
@dataclass
class LoggingProperties:
    """Settings of logging (``pyfly.logging``)."""

    level: dict[str, Any] = field(default_factory=lambda: {"root": "INFO"})
    format: str = "console"
