"""Settings of the web server as earlier programs know them."""

from dataclasses import dataclass, field
from typing import Any

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.web")
@dataclass
class WebProperties:
    """Settings of the web server (``pyfly.web``)."""

    adapter: str = "auto"
    port: int = 8000
    host: str = "0.0.0.0"  # noqa: S104 - the published default
    debug: bool = False
    docs: dict[str, Any] = field(default_factory=lambda: {"enabled": True})
    actuator: dict[str, Any] = field(default_factory=lambda: {"enabled": False})
