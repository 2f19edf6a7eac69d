"""One activation of the request scope: its beans, and how they are destroyed at its end."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Protocol, TypeVar

from pyfly.container import explain
from pyfly.container.creation import Steps, afinish, finish
from pyfly.container.definition import BeanDefinition, Making
from pyfly.container.types import MISSING, ScopeName

T = TypeVar("T")
Maker = Callable[["ActiveScope"], Any]
AsyncMaker = Callable[["ActiveScope"], Awaitable[Any]]


class ScopeHost(Protocol):
    """What a scope asks of its container."""

    scoped_makers: dict[Any, Maker]
    async_scoped_makers: dict[Any, AsyncMaker]

    def scoped_maker_for(self, wanted: Any) -> Maker:
        """Compile and keep the synchronous factory for *wanted*."""

    async def async_scoped_maker_for(self, wanted: Any) -> AsyncMaker:
        """Compile and keep the asynchronous factory for *wanted*."""

    def has_exit(self, definition: BeanDefinition) -> bool:
        """Say whether a scoped bean has ``@pre_destroy`` hooks."""

    def destruction(self, definition: BeanDefinition, bean: Any) -> Steps[None]:
        """Return the steps that run the ``@pre_destroy`` hooks of *bean*."""


class ActiveScope:
    """The beans of one request. Use it as a sync or async context manager, once."""

    __slots__ = ("_token", "beans", "exits", "host", "pending", "scope")

    def __init__(self, host: ScopeHost, scope: ScopeName) -> None:
        """Open *scope* of the container behind *host*."""
        self.host = host
        self.scope = scope
        self.beans: dict[BeanDefinition, Any] = {}
        self.exits: list[tuple[BeanDefinition, Any]] = []
        self.pending: dict[BeanDefinition, list[Any]] | None = None

    def resolve(self, wanted: type[T]) -> T:
        """Return the bean for *wanted*, made in this scope if it is scoped."""
        maker = self.host.scoped_makers.get(wanted)
        if maker is None:
            maker = self.host.scoped_maker_for(wanted)
        bean: T = maker(self)
        return bean

    async def aresolve(self, wanted: type[T]) -> T:
        """Return the bean for *wanted*, awaiting async factories."""
        maker = self.host.async_scoped_makers.get(wanted)
        if maker is None:
            maker = await self.host.async_scoped_maker_for(wanted)
        bean: T = await maker(self)
        return bean

    def __enter__(self) -> "ActiveScope":
        self._token = current_scope.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.exits:
                self._close(error)
        finally:
            current_scope.reset(self._token)

    async def __aenter__(self) -> "ActiveScope":
        self._token = current_scope.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self.exits:
                await self._aclose(error)
        finally:
            current_scope.reset(self._token)

    @property
    def outer(self) -> "ActiveScope | None":
        """The scope that was current when this one was entered."""
        outer = self._token.old_value
        return outer if isinstance(outer, ActiveScope) else None

    def discard(self, definition: BeanDefinition, bean: Any, generator: Any) -> None:
        """End *bean*, which another thread of this scope was quicker to make."""
        if self.host.has_exit(definition):
            finish(self.host.destruction(definition, bean), definition)
        if generator is not None:
            end_generator(generator, None)

    async def single_flight(self, definition: BeanDefinition, make: AsyncMaker) -> Any:
        """Make the bean of *definition* once, however many tasks of this scope ask for it."""
        if self.pending is None:
            self.pending = {}
        while (bean := self.beans.get(definition, MISSING)) is MISSING:
            waiters = self.pending.get(definition)
            if waiters is not None:
                await _landing(waiters)
                continue
            self.pending[definition] = waiters = []
            try:
                bean = await make(self)
                self.beans[definition] = bean
            finally:
                del self.pending[definition]
                for future in waiters:
                    if not future.done():
                        future.set_result(None)
        return bean

    def _close(self, error: BaseException | None) -> None:
        first: BaseException | None = None
        for definition, generator in reversed(self.exits):
            try:
                if generator is None:
                    self._destroy(definition)
                elif definition.making is Making.ASYNC_GENERATOR:
                    raise explain.needs_await(definition)
                else:
                    end_generator(generator, error)
            except BaseException as failure:  # noqa: BLE001  # one failing bean never costs another its turn
                first = _note_failure(definition, failure, first)
        if first is not None:
            raise first

    def _destroy(self, definition: BeanDefinition) -> None:
        finish(self.host.destruction(definition, self.beans[definition]), definition)

    async def _aclose(self, error: BaseException | None) -> None:
        first: BaseException | None = None
        for definition, generator in reversed(self.exits):
            try:
                if generator is None:
                    await afinish(self.host.destruction(definition, self.beans[definition]))
                elif definition.making is Making.ASYNC_GENERATOR:
                    await end_async_generator(generator, error)
                else:
                    end_generator(generator, error)
            except BaseException as failure:  # noqa: BLE001  # one failing bean never costs another its turn
                first = _note_failure(definition, failure, first)
        if first is not None:
            raise first


current_scope: ContextVar[ActiveScope | None] = ContextVar("pyfly_scope", default=None)


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


async def _landing(waiters: list[Any]) -> None:
    import asyncio  # a loop is running, so it is loaded already

    future = asyncio.get_running_loop().create_future()
    waiters.append(future)
    await future


def end_generator(generator: Any, error: BaseException | None) -> None:
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
    raise RuntimeError("a generator bean yielded more than once")


async def end_async_generator(generator: Any, error: BaseException | None) -> None:
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
    raise RuntimeError("a generator bean yielded more than once")


def _note_failure(
    definition: BeanDefinition, failure: BaseException, first: BaseException | None
) -> BaseException | None:
    """Log an ordinary failure; keep the first that is none, such as a cancellation, for the caller."""
    if not isinstance(failure, Exception):
        return first or failure
    import logging  # only when something failed

    logging.getLogger("pyfly.container").error(
        "Destroying bean '%s' failed; the others are destroyed all the same.", definition.name, exc_info=failure
    )
    return first
