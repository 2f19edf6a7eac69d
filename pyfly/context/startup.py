"""The start of a context, phase by phase."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Final, NamedTuple

from pyfly.container.definition import BeanDefinition
from pyfly.container.metadata import recorded_members
from pyfly.context import checking, starting
from pyfly.context.events import (
    ApplicationReadyEvent,
    ContextRefreshedEvent,
    EventListenerRecord,
    TransactionPhase,
)
from pyfly.context.failures import BeanFailure
from pyfly.context.run import Run
from pyfly.context.runners import ApplicationRunner, CommandLineRunner
from pyfly.context.shutdown import stop
from pyfly.kernel.collecting import collection_paused

_log: Final = logging.getLogger("pyfly.context")


# A listener that fails on one of these fails the start, so the report has to name its bean.
_STARTING: Final = (ContextRefreshedEvent, ApplicationReadyEvent)


class Phase(NamedTuple):
    """A named step of the start."""

    name: str
    step: Callable[[Run], Coroutine[Any, Any, None]]


async def filter_by_profile(run: Run) -> None:
    """Leave out the beans of profiles that are not active."""
    run.selection.filter_by_profile()


async def check_early_conditions(run: Run) -> None:
    """Decide conditions on properties, modules and the beans' own callables."""
    run.selection.check_early_conditions()


async def process_user_configuration(run: Run) -> None:
    """Add the definitions of the user's ``@bean`` methods."""
    run.selection.process_user_configuration()


async def check_bean_conditions(run: Run) -> None:
    """Decide conditions on other beans."""
    run.selection.check_bean_conditions()


async def process_auto_configuration(run: Run) -> None:
    """Add the defaults that the user has not replaced."""
    with collection_paused():
        run.engine.run(run.config, run.container, run.selection)


async def summarise_providers(run: Run) -> None:
    """Tell which provider serves which subsystem."""
    for subsystem, provider in sorted(run.engine.results.items()):
        _log.debug("subsystem %s is served by %s", subsystem, provider)


async def check_and_compile(run: Run) -> None:
    """Check definitions and configuration as a whole; nothing has been built so far."""
    with collection_paused():
        checking.check(run)


async def attach_listeners(run: Run) -> None:
    """Subscribe the listener methods of all beans to application events, those of one object once."""
    for definition in run.container.definitions_of(TransactionPhase):
        run.events.transactions = await run.container.aget(definition)
    heard: set[int] = set()
    for definition in run.container.definitions():
        bean_type = type(definition.instance) if definition.created else definition.type
        if definition.created and id(definition.instance) in heard:
            continue
        heard.add(id(definition.instance))
        for name, said in recorded_members(bean_type, EventListenerRecord):
            event_type = checking.listened_type(bean_type, name)
            deliver = partial(_deliver, run, definition, name)
            run.events.subscribe(event_type, deliver, order=definition.order, phase=said.phase)


async def announce_refreshed(run: Run) -> None:
    """Publish that all beans are there."""
    run.is_refreshed = True
    await run.events.publish(ContextRefreshedEvent())


async def call_runners(run: Run) -> None:
    """Call what has to run before the application is ready."""
    runners = {
        *run.container.definitions_of(ApplicationRunner),
        *run.container.definitions_of(CommandLineRunner),
    }
    for definition in sorted(runners, key=lambda each: (each.order, each.index)):
        runner = await run.container.aget(definition)
        if runner is None:
            continue
        try:
            await (runner.run(run.arguments) if isinstance(runner, CommandLineRunner) else runner.run())
        except Exception as error:
            raise BeanFailure(definition, "run", error) from error


async def announce_ready(run: Run) -> None:
    """Publish that the application can do its work."""
    run.is_ready = True
    await run.events.publish(ApplicationReadyEvent())


STARTUP: Final = (
    Phase("filter beans by profile", filter_by_profile),
    Phase("check property and class conditions", check_early_conditions),
    Phase("process user configuration", process_user_configuration),
    Phase("check bean conditions", check_bean_conditions),
    Phase("process auto-configuration", process_auto_configuration),
    Phase("summarise providers", summarise_providers),
    Phase("check and compile the graph", check_and_compile),
    Phase("create interceptors and post-processors", starting.create_extensions),
    Phase("start infrastructure", starting.start_infrastructure),
    Phase("create singletons", starting.create_singletons),
    Phase("start lifecycle beans", starting.start_lifecycle_beans),
    Phase("attach listeners and jobs", attach_listeners),
    Phase("announce refresh", announce_refreshed),
    Phase("call runners", call_runners),
    Phase("announce readiness", announce_ready),
)


async def start(run: Run) -> None:
    """Run all phases; undo what has been done when one fails or the start is cancelled."""
    for phase in STARTUP:
        try:
            with run.timed(phase.name):
                await phase.step(run)
            if run.starting is not None:
                await run.starting.check()
        except BaseException as failure:
            failure.add_note(f"Start-up stopped in phase '{phase.name}'.")
            await stop(run)
            raise


def check(run: Run) -> None:
    """Run the phases up to the check of the graph, which build nothing and await nothing."""
    for phase in STARTUP:
        with run.timed(phase.name):
            _complete(phase.step(run))
        if phase.step is check_and_compile:
            return


def _complete(step: Coroutine[Any, Any, None]) -> None:
    try:
        step.send(None)
    except StopIteration:
        return
    step.close()
    raise RuntimeError("a phase before the check awaits something")


async def _deliver(run: Run, definition: BeanDefinition, name: str, event: Any) -> None:
    if run.is_stopping and definition.is_singleton and not definition.created:
        return  # a lazy bean that nobody has asked for in the whole run
    bean = await run.container.aget(definition)
    try:
        result = getattr(bean, name)(event)
        if isinstance(result, Awaitable):
            await result
    except Exception as error:
        if not isinstance(event, _STARTING):
            raise
        raise BeanFailure(definition, f"told of {type(event).__name__}", error) from error
