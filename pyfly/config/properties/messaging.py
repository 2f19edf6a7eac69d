"""Settings of the message broker as earlier programs know them."""

from dataclasses import dataclass, field
from typing import Any

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.messaging")
@dataclass
class MessagingProperties:
    """Settings of the message broker (``pyfly.messaging``)."""

    provider: str = "auto"
    kafka: dict[str, Any] = field(default_factory=lambda: {"bootstrap-servers": "localhost:9092"})
    rabbitmq: dict[str, Any] = field(default_factory=lambda: {"url": "amqp://guest:guest@localhost/"})
