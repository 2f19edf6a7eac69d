"""Auto-configuration: which configuration classes there are, and what each subsystem ended up with.

Each subsystem owns its ``auto_configuration`` module. This file knows only names: those of the
modules that ship with the framework, and the entry-point group by which others join.
"""

from typing import Any, Final

from pyfly.config.discovery import auto_configuration_classes
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.context.conditions import is_importable
from pyfly.context.environment import Environment
from pyfly.context.properties import AutoConfigureProperties
from pyfly.context.report import StartupReport
from pyfly.context.selection import Selection, in_order, is_auto_configuration, qualified
from pyfly.core.config.config import Config
from pyfly.kernel.lifecycle import Lifecycle

EXCLUDE: Final = "pyfly.autoconfigure.exclude"


class AutoConfiguration:
    """Tells which optional libraries are installed. They are looked for, never imported."""

    @staticmethod
    def is_available(module_name: str) -> bool:
        """Return whether *module_name* could be imported."""
        return is_importable(module_name)

    @staticmethod
    def detect_web_adapter() -> str:
        """Return ``starlette`` or ``none``."""
        return "starlette" if is_importable("starlette") else "none"

    @staticmethod
    def detect_cache_provider() -> str:
        """Return ``redis`` when its client is installed, else ``memory``."""
        return "redis" if is_importable("redis.asyncio") else "memory"

    @staticmethod
    def detect_eda_provider() -> str:
        """Return ``kafka``, ``rabbitmq`` or ``memory``, by the clients installed."""
        if is_importable("aiokafka"):
            return "kafka"
        return "rabbitmq" if is_importable("aio_pika") else "memory"

    @staticmethod
    def detect_client_provider() -> str:
        """Return ``httpx`` or ``none``."""
        return "httpx" if is_importable("httpx") else "none"

    @staticmethod
    def detect_relational_provider() -> str:
        """Return ``sqlalchemy`` or ``none``."""
        return "sqlalchemy" if is_importable("sqlalchemy") else "none"

    @staticmethod
    def detect_document_provider() -> str:
        """Return ``mongodb`` or ``none``."""
        return "mongodb" if is_importable("pymongo") else "none"


class AutoConfigurationEngine:
    """Considers every auto-configuration, one class at a time, and records what came of it."""

    def __init__(self) -> None:
        """Start with nothing configured."""
        self._results: dict[str, str] = {}
        self._contributed: list[BeanDefinition] = []
        self._container: Container | None = None

    @property
    def results(self) -> dict[str, str]:
        """The provider that serves each subsystem; subsystems left to the user are absent."""
        return dict(self._results)

    @property
    def adapters(self) -> list[Any]:
        """The contributed beans that can be started and stopped. Asking makes them, nothing connects."""
        if self._container is None:
            return []
        return [self._container.get(each) for each in self.adapter_definitions()]

    def adapter_definitions(self) -> list[BeanDefinition]:
        """Return the contributed definitions whose beans can be started and stopped, without lazy ones."""
        return [
            each for each in self._contributed if issubclass(each.type, Lifecycle) and not each.record.lazy
        ]

    def configure(self, config: Config, container: Container) -> None:
        """Contribute the default beans of all subsystems to *container*. Nothing is built or connected."""
        report = StartupReport()
        self.run(config, container, Selection(config, Environment(config), container, report))

    def run(self, config: Config, container: Container, selection: Selection) -> None:
        """Contribute through *selection*, as the start of a context does."""
        self._container = container
        excluded = set(config.bind(AutoConfigureProperties).exclude)
        scanned = [each.type for each in container.definitions() if _is_auto(each)]
        for cls in in_order({*auto_configuration_classes(config), *scanned}):
            if not excluded.isdisjoint({qualified(cls), cls.__name__, cls.__module__}):
                _exclude(container, cls)
                continue
            for definition in selection.contribute_auto_configuration(cls):
                self._contributed.append(definition)
                if definition.subsystem:
                    self._results.setdefault(definition.subsystem, definition.provider)


def _is_auto(definition: BeanDefinition) -> bool:
    return definition.factory is None and is_auto_configuration(definition.type)


def _exclude(container: Container, cls: type) -> None:
    for definition in container.definitions():
        if definition.type is cls:
            container.remove(definition, f"{EXCLUDE} names it", f"Take it out of {EXCLUDE}.")
