"""Settings of the HTTP client as earlier programs know them."""

from dataclasses import dataclass, field
from typing import Any

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.client")
@dataclass
class ClientProperties:
    """Settings of the HTTP client (``pyfly.client``)."""

    timeout: int = 30
    retry: dict[str, Any] = field(default_factory=lambda: {"max-attempts": 3, "base-delay": 1.0})
    circuit_breaker: dict[str, Any] = field(
        default_factory=lambda: {"failure-threshold": 5, "recovery-timeout": 30}
    )
