"""A base class for tests that are written as classes and set up by hand."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pyfly.context.application_context import ApplicationContext
from pyfly.core.config.config import Config
from pyfly.eda.adapters.memory import InMemoryEventBus
from pyfly.testing.application import PyFlyTest
from pyfly.testing.events import RecordedEvents


class PyFlyTestCase:
    """Gives each test a started context: call :meth:`setup` before it and :meth:`teardown` after.

    Class attributes say which. Without ``application`` it is an empty context whose configuration
    is ``properties`` alone. With pytest, the fixture ``pyfly_app`` does the same with less.

    Attributes:
        application: The entry class of an application.
        profiles: The active profiles.
        properties: Configuration that wins over everything else.
        overrides: What stands in the place of beans: objects or classes by type or bean name.
        packages: Packages to scan besides those of the application.
        context: The context, once set up.
        events: The application events published so far, those of the start included.
        event_bus: The event bus of the context, or one of its own where the application brings another publisher.
    """

    application: ClassVar[type | None] = None
    profiles: ClassVar[Sequence[str]] = ()
    properties: ClassVar[Mapping[str, Any]] = {}
    overrides: ClassVar[Mapping[Any, Any]] = {}
    packages: ClassVar[Sequence[str]] = ()

    context: ApplicationContext
    events: RecordedEvents
    event_bus: InMemoryEventBus

    async def setup(self) -> None:
        """Make and start the context."""
        self.context = self._new_context()
        self.events = RecordedEvents(self.context)
        await self.context.start()
        has_bus = self.context.container.definitions_of(InMemoryEventBus)
        self.event_bus = self.context.get_bean(InMemoryEventBus) if has_bus else InMemoryEventBus()

    async def teardown(self) -> None:
        """Stop the context."""
        await self.context.stop()

    def _new_context(self) -> ApplicationContext:
        if self.application is None:
            return ApplicationContext(Config(self.properties))
        return PyFlyTest(
            self.application,
            profiles=self.profiles,
            properties=self.properties,
            overrides=self.overrides,
            packages=self.packages,
        ).context
