"""One activation of the request scope: its beans, and how they are destroyed at its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from types import AsyncGeneratorType, GeneratorType, TracebackType
from typing import Any, ClassVar, NoReturn, Protocol, Self, TypeVar

from pyfly.container import explain
from pyfly.container.creation import Steps, afinish, finish
from pyfly.container.definition import BeanDefinition, Making
from pyfly.container.types import MISSING, ScopeName

T = TypeVar("T")
Maker = Callable[["ActiveScope"], Any]
AsyncMaker = Callable[["ActiveScope"], Awaitable[Any]]


class ScopeHost(Protocol):
    """What a scope asks of its container."""

    def scoped_maker_for(self, wanted: Any) -> Maker:
        """Compile and keep the synchronous factory for *wanted*."""

    async def async_scoped_maker_for(self, wanted: Any) -> AsyncMaker:
        """Compile and keep the asynchronous factory for *wanted*."""

    def has_exit(self, definition: BeanDefinition) -> bool:
        """Say whether a scoped bean has ``@pre_destroy`` hooks."""

    def destruction(self, definition: BeanDefinition, bean: Any) -> Steps[None]:
        """Return the steps that run the ``@pre_destroy`` hooks of *bean*."""


class ActiveScope:
    """The beans of one request. Use it as a sync or async context manager, once.

    Each container has a subclass of its own, which holds what all activations share.
    """

    __slots__ = ("_token", "beans", "exits", "pending", "waiting")

    host: ClassVar[ScopeHost]
    scope: ClassVar[ScopeName]
    makers: ClassVar[dict[Any, Maker]]
    async_makers: ClassVar[dict[Any, AsyncMaker]]

    def __init__(self) -> None:
        """Prepare an activation without beans."""
        self.beans: dict[BeanDefinition, Any] = {}
        self.exits: list[tuple[BeanDefinition, Any]] = []
        self.pending: dict[BeanDefinition, Any] | None = None  # the task that makes each bean
        self.waiting: dict[Any, tuple[BeanDefinition, Any]] | None = None  # what each task waits for

    def resolve(self, wanted: type[T]) -> T:
        """Return the bean for *wanted*, made in this scope if it is scoped."""
        maker = self.makers.get(wanted)
        if maker is None:
            maker = self.host.scoped_maker_for(wanted)
        bean: T = maker(self)
        return bean

    def aresolve(self, wanted: type[T]) -> Awaitable[T]:
        """Return the bean for *wanted*, awaiting async factories."""
        maker = self.async_makers.get(wanted)
        return maker(self) if maker is not None else self._aresolve_first(wanted)

    async def _aresolve_first(self, wanted: type[T]) -> T:
        maker = await self.host.async_scoped_maker_for(wanted)
        bean: T = await maker(self)
        return bean

    def __enter__(self) -> Self:
        self._token = current_scope.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        first: BaseException | None = None
        exits = self.exits
        while exits:  # what the end of one bean makes is ended too
            definition, generator = exits.pop()
            try:
                if error is None and type(generator) is GeneratorType:
                    if next(generator, MISSING) is not MISSING:
                        generator.close()
                        _yielded_again()
                else:
                    self._end(definition, generator, error)
            except BaseException as failure:  # noqa: BLE001  # one failing bean never costs another its turn
                first = _note_failure(definition, failure, first)
        self.beans = self.exits = _ENDED
        current_scope.reset(self._token)
        if first is not None:
            raise first

    def leave(self) -> None:
        """Leave the scope when it has nothing to end: a way out that need not be awaited."""
        self.beans = self.exits = _ENDED
        current_scope.reset(self._token)

    async def __aenter__(self) -> Self:
        self._token = current_scope.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        first: BaseException | None = None
        exits = self.exits
        while exits:  # what the end of one bean makes is ended too
            definition, generator = exits.pop()
            try:
                if error is None and type(generator) is AsyncGeneratorType:
                    if await anext(generator, MISSING) is not MISSING:
                        await generator.aclose()
                        _yielded_again()
                else:
                    await self._aend(definition, generator, error)
            except BaseException as failure:  # noqa: BLE001  # one failing bean never costs another its turn
                first = _note_failure(definition, failure, first)
        self.beans = self.exits = _ENDED
        current_scope.reset(self._token)
        if first is not None:
            raise first

    @property
    def outer(self) -> ActiveScope | None:
        """The scope that was current when this one was entered."""
        outer = self._token.old_value
        return outer if isinstance(outer, ActiveScope) else None

    def discard(self, definition: BeanDefinition, bean: Any, generator: Any) -> None:
        """End *bean*, which another thread of this scope was quicker to make."""
        if self.host.has_exit(definition):
            finish(self.host.destruction(definition, bean), definition)
        if generator is not None:
            self.exits.remove((definition, generator))
            end_generator(generator, None)

    def wake(self, definition: BeanDefinition) -> None:
        """Let the tasks go on that wait for a bean which somebody has made, or failed to make."""
        for awaited, future in list((self.waiting or {}).values()):
            if awaited is definition and not future.done():
                future.set_result(None)

    async def others(self, definition: BeanDefinition, make: AsyncMaker) -> Any:
        """Return the bean that another task is making; make it when that task fails.

        Raises:
            CircularDependencyError: That task waits, through providers, for this one, or is this one.
        """
        from asyncio import current_task  # a loop is running, so it is loaded already

        task, pending = current_task(), self.pending if self.pending is not None else {}
        while (bean := self.beans.get(definition, MISSING)) is MISSING:
            if definition in pending:
                await self._landing(definition, task, pending)
                continue
            pending[definition] = task
            try:
                return await make(self)
            finally:
                del pending[definition]
                if self.waiting:
                    self.wake(definition)
        return bean

    async def _landing(
        self, definition: BeanDefinition, task: Any, pending: dict[BeanDefinition, Any]
    ) -> None:
        from asyncio import get_running_loop

        waiting = self.waiting = {} if self.waiting is None else self.waiting
        _refuse_cycle(definition, task, pending, waiting)
        future = get_running_loop().create_future()
        waiting[task] = (definition, future)
        try:
            await future
        finally:
            del waiting[task]

    def _end(self, definition: BeanDefinition, generator: Any, error: BaseException | None) -> None:
        if generator is None:
            finish(self.host.destruction(definition, self.beans[definition]), definition)
        elif definition.making is Making.ASYNC_GENERATOR:
            raise explain.needs_await(definition)
        else:
            end_generator(generator, error)

    async def _aend(self, definition: BeanDefinition, generator: Any, error: BaseException | None) -> None:
        if generator is None:
            await afinish(self.host.destruction(definition, self.beans[definition]))
        elif definition.making is Making.ASYNC_GENERATOR:
            await end_async_generator(generator, error)
        else:
            end_generator(generator, error)


class _Ended:
    """Stands for the beans and the exits of a scope that is over: nothing more is made in it."""

    __slots__ = ()

    def get(self, definition: BeanDefinition, default: Any = None) -> NoReturn:
        raise explain.no_scope(definition)

    def append(self, entry: tuple[BeanDefinition, Any]) -> NoReturn:
        raise explain.no_scope(entry[0])


_ENDED: Any = _Ended()
current_scope: ContextVar[ActiveScope | None] = ContextVar("pyfly_scope", default=None)


def scope_class(
    host: ScopeHost, scope: ScopeName, makers: dict[Any, Maker], async_makers: dict[Any, AsyncMaker]
) -> type[ActiveScope]:
    """Return the class of the activations of *scope* in one container."""
    shared = {"__slots__": (), "host": host, "scope": scope, "makers": makers, "async_makers": async_makers}
    return type("ActiveScope", (ActiveScope,), shared)


def active_scope(host: object, definition: BeanDefinition) -> ActiveScope:
    """Return the innermost activation of the scope of *definition*.

    Raises:
        ScopeMismatchError: The scope is not active here.
    """
    scope = current_scope.get()
    while scope is not None and (scope.host is not host or scope.scope is not definition.scope):
        scope = scope.outer
    if scope is None:
        raise explain.no_scope(definition)
    return scope


def end_generator(generator: Any, error: BaseException | None) -> None:
    """Run what follows the ``yield``, which sees *error* if there is one."""
    try:
        if error is None:
            next(generator)
        else:
            generator.throw(error)
    except StopIteration:
        return
    except BaseException as raised:
        if raised is error:
            return
        raise
    generator.close()
    _yielded_again()


async def end_async_generator(generator: Any, error: BaseException | None) -> None:
    """Run what follows the ``yield``, which sees *error* if there is one."""
    if generator.ag_frame is None:
        return  # It has ended by raising, and CPython would let athrow() return as if it had yielded.
    try:
        if error is None:
            await generator.__anext__()
        else:
            await generator.athrow(error)
    except StopAsyncIteration:
        return
    except BaseException as raised:
        if raised is error:
            return
        raise
    await generator.aclose()
    _yielded_again()


def _yielded_again() -> NoReturn:
    raise RuntimeError("a generator bean yielded more than once")


def _refuse_cycle(
    wanted: BeanDefinition,
    task: Any,
    pending: dict[BeanDefinition, Any],
    waiting: dict[Any, tuple[BeanDefinition, Any]],
) -> None:
    """Raise when the task that makes *wanted* waits, directly or not, for *task*."""
    ring: list[str] = []
    awaited = wanted
    while (maker := pending.get(awaited)) is not None:
        claims = [each for each, owner in pending.items() if owner is maker]
        ring += (each.name for each in claims[claims.index(awaited) :])
        if maker is task:
            raise explain.at_run_time([*ring, wanted.name])
        if maker not in waiting:
            return
        awaited = waiting[maker][0]


def _note_failure(
    definition: BeanDefinition, failure: BaseException, first: BaseException | None
) -> BaseException | None:
    """Log an ordinary failure; keep the first that is none, such as a cancellation, for the caller."""
    if not isinstance(failure, Exception):
        return first or failure
    import logging  # only when something failed

    logging.getLogger("pyfly.container").error(
        "Destroying bean '%s' failed; the others are destroyed all the same.",
        definition.name,
        exc_info=failure,
    )
    return first
