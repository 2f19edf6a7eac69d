"""The phases of a start."""

import pytest

from pyfly.container import bean, configuration
from pyfly.context import (
    ApplicationContext,
    ApplicationReadyEvent,
    ContextRefreshedEvent,
    app_event_listener,
    post_construct,
)
from pyfly.context.startup import STARTUP
from tests.context.support import context_of


async def test_every_phase_is_timed_in_its_order() -> None:
    async with context_of() as context:
        assert [each.name for each in context.report.phases] == [phase.name for phase in STARTUP]
        assert context.report.seconds >= 0


async def test_a_failed_start_names_its_phase_and_has_timed_it() -> None:
    class Needs:
        def __init__(self, size: int) -> None: ...

    context = context_of(Needs)
    with pytest.raises(Exception, match="size") as raised:
        await context.start()
    assert context.report.phases[-1].name == "check and compile the graph"
    assert any("'check and compile the graph'" in note for note in raised.value.__notes__)


async def test_all_beans_are_initialised_before_the_refresh_and_readiness_comes_last() -> None:
    log: list[object] = []

    class Watching:
        def __init__(self, context: ApplicationContext) -> None:
            self.context = context

        @post_construct
        def initialised(self) -> None:
            log.append(("initialised", self.context.is_ready))

        @app_event_listener
        def refreshed(self, event: ContextRefreshedEvent) -> None:
            log.append(("refreshed", self.context.is_ready))

        @app_event_listener
        def ready(self, event: ApplicationReadyEvent) -> None:
            log.append(("ready", self.context.is_ready))

    async with context_of(Watching):
        assert log == [("initialised", False), ("refreshed", False), ("ready", True)]


async def test_nothing_of_the_user_is_called_before_the_whole_graph_is_sound() -> None:
    called: list[str] = []

    @configuration
    class Beans:
        def __init__(self) -> None:
            called.append("constructor")

        @bean
        def text(self) -> str:
            called.append("factory")
            return ""

    class Broken:
        def __init__(self, size: int) -> None: ...

    with pytest.raises(Exception, match="size"):
        await context_of(Beans, Broken).start()
    assert called == []


async def test_a_listener_made_by_a_factory_is_attached_although_its_annotation_does_not_show_it() -> None:
    heard: list[object] = []

    class Port: ...

    class Impl(Port):
        @app_event_listener
        def refreshed(self, event: ContextRefreshedEvent) -> None:
            heard.append(event)

    @configuration
    class Beans:
        @bean
        def port(self) -> Port:
            return Impl()

    async with context_of(Beans):
        assert len(heard) == 1
