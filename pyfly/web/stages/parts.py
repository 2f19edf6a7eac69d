"""What a stage is made of, and how beans contribute stages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from pyfly.container.container import Container
from pyfly.core.config.config import Config
from pyfly.web.errors.translation import ErrorTranslator
from pyfly.web.ports.stages import Stage
from pyfly.web.properties import WebProperties


class Parts(NamedTuple):
    """What a stage may be made of.

    Attributes:
        container: The beans.
        config: The settings; a stage binds its own ``@config_properties`` class.
        properties: ``pyfly.web``, already bound.
        translator: Makes error responses, for a stage that needs to see them.
        objects: Returns how request and response objects are made, for a stage that cannot do without.
        given: Configuration that ``create_app`` was handed, by the name of its argument.
    """

    container: Container
    config: Config
    properties: WebProperties
    translator: ErrorTranslator
    objects: Callable[[], Any]
    given: Mapping[str, Any]


class StageSource(Protocol):
    """Port: a bean that contributes stages; it must inherit this class."""

    def stages(self, parts: Parts, /) -> Iterable[Stage]:
        """Return the stages; called once, when the application is ready."""
