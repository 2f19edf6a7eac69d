"""Settings of the cache as earlier programs know them."""

from dataclasses import dataclass, field
from typing import Any

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.cache")
@dataclass
class CacheProperties:
    """Settings of the cache (``pyfly.cache``)."""

    enabled: bool = False
    provider: str = "auto"
    redis: dict[str, Any] = field(default_factory=lambda: {"url": "redis://localhost:6379/0"})
    ttl: int = 300
