"""Finding the health indicators of an application, and those that the framework brings along."""

import sys
from collections.abc import Iterator
from typing import Any, ClassVar, Final, Protocol

from pyfly.actuator.health import HealthIndicator, HealthStatus
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.context.application_context import ApplicationContext

_CONTROLLERS: Final = frozenset({"controller", "rest_controller"})
_DATABASES: Final = (
    ("pyfly.data.relational.sqlalchemy.data_source", "DataSource", "db"),
    ("pyfly.data.document.mongodb.database", "MongoDatabase", "mongodb"),
)
"""Module, class, and how its health is called."""

_ONLY: Final = ("default", "document")


class Ping(Protocol):
    """Whether a database answered, and why not."""

    @property
    def is_up(self) -> bool:
        """Whether it answered."""

    @property
    def reason(self) -> str:
        """Why it did not."""


class Pingable(Protocol):
    """A database as far as its health is concerned."""

    async def ping(self) -> Ping:
        """Return whether the database answers; never raise."""


class DataSourceHealthIndicator(HealthIndicator):
    """``UP`` while the database answers."""

    groups: ClassVar[tuple[str, ...]] = ("readiness",)

    def __init__(self, source: Pingable) -> None:
        """Ask *source*."""
        self._source = source

    async def health(self) -> HealthStatus:
        """Return ``UP``, or ``DOWN`` with the kind of the failure."""
        answer = await self._source.ping()
        return HealthStatus("UP") if answer.is_up else HealthStatus("DOWN", {"error": answer.reason})


class TrafficHealthIndicator(HealthIndicator):
    """``OUT_OF_SERVICE`` until the application is ready, and from the moment in which it is told to stop.

    It counts for the group ``readiness`` only: an application that stops is not ill.
    """

    groups: ClassVar[tuple[str, ...]] = ("readiness",)
    is_overall = False

    def __init__(self, context: ApplicationContext) -> None:
        """Ask *context*."""
        self._context = context

    async def health(self) -> HealthStatus:
        """Return whether requests are welcome."""
        return HealthStatus("UP" if self._context.is_ready else "OUT_OF_SERVICE")


def indicators_of(container: Container) -> Iterator[tuple[str, HealthIndicator]]:
    """Yield the indicators of an application by name: the framework's first, so that beans replace them."""
    for name, source in _databases(container):
        yield name, DataSourceHealthIndicator(source)
    for definition in container.definitions_of(ApplicationContext):
        yield "traffic", TrafficHealthIndicator(container.get(definition))
    for definition in container.definitions():
        if is_indicator(definition):
            yield definition.name, container.get(definition)


def is_indicator(definition: BeanDefinition) -> bool:
    """Say whether a bean reports health: by its base class, or by what its ``health`` method returns."""
    if definition.stereotype in _CONTROLLERS:
        return False
    if HealthIndicator in definition.type.__mro__:
        return True
    returns = getattr(getattr(definition.type, "health", None), "__annotations__", {}).get("return")
    return returns is HealthStatus or returns == HealthStatus.__name__


def _databases(container: Container) -> Iterator[tuple[str, Any]]:
    for module, cls, name in _DATABASES:
        # No module, no database: looking is cheaper than importing its library to ask.
        found = getattr(sys.modules.get(module), cls, None)
        for definition in container.definitions_of(found) if found else ():
            source = container.get(definition)
            yield name if source.name in _ONLY else f"{name}-{source.name}", source
