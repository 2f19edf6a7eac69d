"""The document of an application: written when it is first asked for, then kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from pyfly.container.container import Container
from pyfly.core.config.config import Config
from pyfly.web.metadata import RouteMetadata
from pyfly.web.ports.errors import ErrorRenderer


@dataclass
class Document:
    """What an application says of its routes.

    Attributes:
        title: The name of the application, unless ``pyfly.web.openapi.title`` says another.
        version: Its version, likewise.
        description: Its description, likewise.
        metadata: The routes.
        errors: Returns what gives errors their form.
        validation_status: The status of invalid bodies.
        container: Where the beans are that know more of the routes.
        config: Where ``pyfly.web.openapi`` is read from.
        text: The document as JSON, once somebody has asked for it.
        lock: Held while it is written.
    """

    title: str
    version: str
    description: str
    metadata: Sequence[RouteMetadata]
    errors: Callable[[], ErrorRenderer]
    validation_status: int = 422
    container: Container = field(default_factory=Container)
    config: Config | None = None
    text: bytes | None = field(default=None, repr=False)
    lock: Lock = field(default_factory=Lock, repr=False)
