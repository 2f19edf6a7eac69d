"""The stop of a context: dependants first, infrastructure last, every bean gets its turn."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextvars import ContextVar
from time import monotonic
from typing import Any, Final, NamedTuple

from pyfly.container.assembly import Assembly
from pyfly.container.creation import afinish
from pyfly.container.definition import BeanDefinition
from pyfly.context.events import ContextClosedEvent
from pyfly.context.run import Run, Started
from pyfly.context.state import ContextStateError

_log: Final = logging.getLogger("pyfly.context")
_GRACE: Final = 0.02  # seconds that are left to a bean when the whole shutdown is over its limit
_OVERTIME: Final = (
    0.4  # seconds that all beans together may take beyond the limit, twice: to end, and to give up
)

# Set in the task of a stop, and so in whatever that calls.
_stopped_now: ContextVar[Run | None] = ContextVar("pyfly-context-stopped-now", default=None)


class Teardown(NamedTuple):
    """One thing to do: stop a started bean, or call the ``@pre_destroy`` hooks of a created one."""

    definition: BeanDefinition
    action: str
    call: Callable[[], Coroutine[Any, Any, None]]


async def stop(run: Run) -> None:
    """Undo everything that was done, whatever fails, hangs or is cancelled on the way.

    Whoever asks for the same stop waits for its end. A cancellation of the stop itself is delivered
    after the last bean has had its turn.
    """
    if run.stopping is None:
        run.is_stopping = True
        run.is_ready = False
        _refuse_creation(run.container.assembly)
        run.stopping = asyncio.ensure_future(_tear_down(run))
    work = run.stopping
    cancelled: asyncio.CancelledError | None = None
    while not work.done():
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError as cancellation:
            cancelled = cancellation
    if cancelled is not None:
        raise cancelled
    work.result()


def is_inside_stop(run: Run) -> bool:
    """Say whether the caller is being stopped itself, so that waiting for the end would last for ever."""
    return _stopped_now.get() is run


def teardown_plan(run: Run) -> list[Teardown]:
    """Return what is to be done, in order.

    The user's lifecycle beans stop in reverse order of their start, each after the ``@pre_destroy``
    hooks of everything that depends on it; then the hooks of all other beans, in reverse order of
    their creation; then the infrastructure, likewise in reverse.
    """
    hooks = _hooks(run)
    started = list(reversed(run.started))
    infrastructure = {each.definition for each in started if each.is_infrastructure}
    dependants = _dependants(run)
    plan: list[Teardown] = []

    def call_hooks(of: set[BeanDefinition]) -> None:
        plan.extend(Teardown(each, "destroyed", hooks.pop(each)) for each in tuple(hooks) if each in of)

    for each in started:
        if not each.is_infrastructure:
            call_hooks(dependants(each.definition))
            plan.append(_stopping(each))
    call_hooks(hooks.keys() - infrastructure)
    for each in started:
        if each.is_infrastructure:
            plan.append(_stopping(each))
            call_hooks({each.definition})
    return plan


def _refuse_creation(assembly: Assembly) -> None:
    """Let no singleton be made any more: nobody would destroy it."""
    target_of = assembly.target_of

    def refuse(definition: BeanDefinition) -> Callable[..., Any]:
        if definition.is_singleton:
            raise ContextStateError(
                f"bean '{definition.name}' cannot be created: the context stops or has been stopped, and "
                "nobody would destroy it. Ask for it earlier, or take it as a dependency."
            )
        return target_of(definition)

    assembly.target_of = refuse  # type: ignore[method-assign]


async def _tear_down(run: Run) -> None:
    _stopped_now.set(run)
    plan = teardown_plan(run)
    run.started = []
    limits = _Limits(run, len(plan))
    for step in plan:
        await _bounded_call(f"Bean '{step.definition.name}'", step.action, step.call(), limits)
    for name in run.container.scope_names():
        await _bounded_call(f"Scope '{name}'", "closed", run.container.unregister_scope(name), limits)
    if run.is_refreshed:
        run.is_refreshed = False
        await _bounded_call(
            "ContextClosedEvent", "delivered", run.events.publish(ContextClosedEvent()), limits
        )


class _Limits:
    """How long one step may take: as long as any, but no longer than what is left for all."""

    def __init__(self, run: Run, steps: int) -> None:
        self._each = run.properties.stop_timeout.total_seconds()
        self._deadline = monotonic() + run.properties.shutdown_timeout.total_seconds()
        self.grace = min(_GRACE, _OVERTIME / max(1, steps))

    def seconds(self) -> float:
        return max(self.grace, min(self._each, self._deadline - monotonic()))


async def _bounded_call(subject: str, action: str, call: Coroutine[Any, Any, None], limits: _Limits) -> None:
    """Run *call* for as long as *limits* allow; log what goes wrong and go on."""
    task = asyncio.ensure_future(call)
    seconds = limits.seconds()
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=limits.grace)
        _log.error("%s was not %s within %.3g s and was given up.", subject, action, seconds)
        if not task.done():
            task.add_done_callback(_retrieve)
            return
    elif task.cancelled() or task.exception() is not None:
        failure = None if task.cancelled() else task.exception()
        _log.error("%s could not be %s.", subject, action, exc_info=failure)
    _retrieve(task)


def _retrieve(task: "asyncio.Future[None]") -> None:
    """Mark the outcome as seen; it has been logged or given up."""
    if not task.cancelled():
        task.exception()


def _stopping(started: Started) -> Teardown:
    async def call() -> None:
        result = started.bean.stop()
        if isinstance(result, Awaitable):
            await result

    return Teardown(started.definition, "stopped", call)


def _hooks(run: Run) -> dict[BeanDefinition, Callable[[], Coroutine[Any, Any, None]]]:
    """The beans with something to do before they go, last created first, every object once."""
    made = [each for each in run.container.definitions() if each.is_singleton and each.created]
    made.sort(key=lambda each: (each.created_at, each.index), reverse=True)
    seen: set[int] = set()
    hooks: dict[BeanDefinition, Callable[[], Coroutine[Any, Any, None]]] = {}
    for definition in made:
        wanted = definition.teardown is not None or run.lifecycle.has_destruction(definition)
        if wanted and id(definition.instance) not in seen:
            seen.add(id(definition.instance))
            hooks[definition] = _destroying(run, definition)
    return hooks


def _destroying(run: Run, definition: BeanDefinition) -> Callable[[], Coroutine[Any, Any, None]]:
    async def call() -> None:
        try:
            await afinish(run.lifecycle.destroy(definition, definition.instance))
        finally:
            await afinish(run.container.assembly.end_generator(definition))

    return call


def _dependants(run: Run) -> Callable[[BeanDefinition], set[BeanDefinition]]:
    """Return a function that finds every definition that needs another one, directly or not."""
    needed_by: dict[BeanDefinition, list[BeanDefinition]] = {}
    for definition in run.container.definitions():
        for need in _all_needs(definition):
            needed_by.setdefault(need, []).append(definition)

    def behind(root: BeanDefinition) -> set[BeanDefinition]:
        found: set[BeanDefinition] = set()
        pending = list(needed_by.get(root, ()))
        while pending:
            current = pending.pop()
            if current not in found:
                found.add(current)
                pending.extend(needed_by.get(current, ()))
        return found

    return behind


def _all_needs(definition: BeanDefinition) -> Iterator[BeanDefinition]:
    yield from definition.needs
    for link in definition.links or ():
        yield from link.targets
