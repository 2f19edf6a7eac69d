"""Creating and starting beans: infrastructure first, then singletons, then the user's lifecycles."""

import asyncio
from collections.abc import Awaitable, Iterable
from types import FunctionType
from typing import Any

from pyfly.container.creation import afinish
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.interception import MethodInterceptor, MethodKind, method_kind
from pyfly.container.ordering import get_order
from pyfly.container.types import MISSING
from pyfly.context.failures import BeanFailure
from pyfly.context.post_processor import BeanPostProcessor
from pyfly.context.run import Run, Started


async def create_extensions(run: Run) -> None:
    """Create interceptors and post-processors, so that every other bean passes through them."""
    definitions = (
        *run.container.definitions_of(MethodInterceptor),
        *run.container.definitions_of(BeanPostProcessor),
    )
    for definition in definitions:
        await create(run, definition)
    interceptors = [each for _, each in _made(run, MethodInterceptor)]
    processors = _made(run, BeanPostProcessor)
    processors += [(get_order(type(each)), each) for each in run.processors]
    run.container.assembly.interceptors = tuple(sorted(interceptors, key=lambda each: each.order))
    run.lifecycle.processors = tuple(each for _, each in sorted(processors, key=lambda pair: pair[0]))
    run.container.plans_changed()


def _made(run: Run, wanted: type) -> list[tuple[int, Any]]:
    """The beans of type *wanted* with their order, each object once, without what factories left out."""
    made: dict[int, tuple[int, Any]] = {}
    for definition in run.container.definitions_of(wanted):
        if definition.created and definition.instance is not None:
            made.setdefault(id(definition.instance), (definition.order, definition.instance))
    return list(made.values())


async def start_infrastructure(run: Run) -> None:
    """Create and start the adapters that auto-configuration has contributed, failing fast."""
    adapters = [each for each in run.container.in_creation_order() if each.auto and each.is_singleton]
    for definition in adapters:
        if asks_for_lifecycle(definition.type) and not definition.record.lazy:
            await create(run, definition)
    created = [each for each in adapters if each.created and asks_for_lifecycle(type(each.instance))]
    for definition in _by_phase(created):
        await _start(run, definition, is_infrastructure=True)


async def create_singletons(run: Run) -> None:
    """Create every singleton that is not lazy, each after what it needs."""
    ordered = [each for each in run.container.in_creation_order() if each.is_singleton]
    if run.properties.concurrent_initialization:
        await _create_concurrently(run, [each for each in ordered if _is_eager(each) and _awaits(run, each)])
    for definition in ordered:
        if definition.created:
            await _adopt(run, definition)
        elif _is_eager(definition):
            await create(run, definition)


def _is_eager(definition: BeanDefinition) -> bool:
    return not definition.created and not definition.record.lazy


async def _create_concurrently(run: Run, definitions: Iterable[BeanDefinition]) -> None:
    """Create beans whose creation awaits side by side; each still waits for what it needs.

    The first failure cancels the others and is raised alone.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for definition in definitions:
                group.create_task(create(run, definition), name=f"create {definition.name}")
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures.exceptions[0].__cause__


async def start_lifecycle_beans(run: Run) -> None:
    """Start the remaining beans with a lifecycle, by phase, then in dependency order."""
    running = {id(each.bean) for each in run.started}
    waiting = [
        each
        for each in run.container.definitions()
        if each not in run.own
        and each.is_singleton
        and each.created
        and asks_for_lifecycle(type(each.instance))
    ]
    for definition in _by_phase(waiting):
        if id(definition.instance) not in running:
            running.add(id(definition.instance))
            await _start(run, definition, is_infrastructure=definition.auto)


async def create(run: Run, definition: BeanDefinition) -> None:
    """Create the singleton of *definition*.

    Raises:
        BeanCreationException: Naming the bean, with the cause.
    """
    try:
        if _may_wait(run, definition):
            await _in_time(run, run.container.aget(definition), "it was not created")
        else:
            await run.container.aget(definition)
    except BeanCreationException:
        raise
    except Exception as error:
        culprit = _culprit(definition)
        raise BeanFailure(culprit, "created", error, _needed_by(run, culprit)) from error


def asks_for_lifecycle(cls: type) -> bool:
    """Say whether instances of *cls* are started and stopped: async ``start`` and ``stop`` without arguments."""
    return _is_hook(getattr(cls, "start", None)) and _is_hook(getattr(cls, "stop", None))


def _is_hook(method: Any) -> bool:
    if not isinstance(method, FunctionType):
        return callable(method)
    required = method.__code__.co_argcount - len(method.__defaults__ or ())
    return required <= 1 and method_kind(getattr(method, "__wrapped__", method)) is MethodKind.ASYNC


def _by_phase(definitions: Iterable[BeanDefinition]) -> list[BeanDefinition]:
    return sorted(
        definitions, key=lambda each: (getattr(each.instance, "phase", 0), each.created_at, each.index)
    )


async def _start(run: Run, definition: BeanDefinition, *, is_infrastructure: bool) -> None:
    bean = definition.instance
    try:
        result = bean.start()
        if isinstance(result, Awaitable):
            await _in_time(run, result, "it did not start")
    except BeanCreationException:
        raise
    except Exception as error:
        raise BeanFailure(definition, "started", error) from error
    run.started.append(Started(definition, bean, is_infrastructure))


async def _in_time(run: Run, work: Awaitable[Any], complaint: str) -> Any:
    """Await *work* for as long as one bean may take.

    Raises:
        TimeoutError: Saying *complaint* and the limit, which tells it from one that *work* raises.
    """
    seconds = run.properties.start_timeout.total_seconds()
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise TimeoutError(f"{complaint} within {seconds:g} s") from None


def _awaits(run: Run, definition: BeanDefinition) -> bool:
    return definition.making.needs_await or run.lifecycle.awaits(definition)


def _may_wait(run: Run, definition: BeanDefinition) -> bool:
    """Say whether creating the bean can await something; for most beans a limit would only cost time."""
    return (
        definition.factory is not None
        or run.lifecycle.awaits(definition)
        or any(not need.is_singleton for need in definition.needs)
    )


async def _adopt(run: Run, definition: BeanDefinition) -> None:
    """Initialise an object that was registered ready-made, or asked for before the start, once."""
    made_here = definition.created_at != -1 and definition not in run.early
    if made_here or definition in run.initialized:
        return
    run.initialized.add(definition)
    if run.lifecycle.concerns(definition):
        try:
            ready = afinish(run.lifecycle.initialize(definition, definition.instance))
            definition.instance = await _in_time(run, ready, "it was not initialised")
        except BeanCreationException:
            raise
        except Exception as error:
            raise BeanFailure(definition, "initialised", error) from error
        run.container.plans_changed()


def _culprit(definition: BeanDefinition) -> BeanDefinition:
    """The first bean that is still missing among those that *definition* needs, itself last."""
    pending, culprit = [definition], definition
    while pending:
        culprit = pending.pop()
        missing = [each for each in culprit.needs if each.is_singleton and each.instance is MISSING]
        pending = missing[:1]
    return culprit


def _needed_by(run: Run, definition: BeanDefinition) -> str:
    names = [each.name for each in run.container.definitions() if definition in each.needs]
    return ", ".join(names[:3])
