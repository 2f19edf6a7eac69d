"""Work that is done after the start and before readiness."""

from collections.abc import Sequence

import pytest

from pyfly.container import bean, configuration, order
from pyfly.context import (
    ApplicationContext,
    ApplicationReadyEvent,
    ApplicationRunner,
    BeanFailure,
    CommandLineRunner,
    ContextRefreshedEvent,
    app_event_listener,
)
from tests.context.support import context_of

LOG: list[object] = []


@order(2)
class Seed(ApplicationRunner):
    def __init__(self, context: ApplicationContext) -> None:
        self.context = context

    async def run(self) -> None:
        LOG.append(("seed", self.context.is_ready))


@order(1)
class Import(CommandLineRunner):
    async def run(self, arguments: Sequence[str]) -> None:
        LOG.append(tuple(arguments))


class Listener:
    @app_event_listener
    def refreshed(self, event: ContextRefreshedEvent) -> None:
        LOG.append("refreshed")

    @app_event_listener
    def ready(self, event: ApplicationReadyEvent) -> None:
        LOG.append("ready")


async def test_runners_are_called_by_order_between_refresh_and_readiness() -> None:
    LOG.clear()
    context = context_of(Seed, Import, Listener)
    await context.start(("--fast", "x"))
    assert LOG == ["refreshed", ("--fast", "x"), ("seed", False), "ready"]
    await context.stop()


async def test_a_failing_runner_fails_the_start_and_is_named() -> None:
    class Broken(ApplicationRunner):
        async def run(self) -> None:
            raise OSError("no data")

    with pytest.raises(BeanFailure, match="bean 'Broken' could not be run: no data"):
        await context_of(Broken).start()


async def test_a_runner_that_its_factory_decided_not_to_make_is_skipped() -> None:
    @configuration
    class Beans:
        @bean
        def runner(self) -> ApplicationRunner | None:
            return None

    async with context_of(Beans) as context:
        assert context.is_ready
