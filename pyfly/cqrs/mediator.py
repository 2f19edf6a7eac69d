"""The mediator: takes a message through the middleware to its one handler."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from inspect import iscoroutinefunction
from typing import Any, Final, Protocol, TypeVar, overload

from pyfly.cqrs.dispatch import Dispatch, current
from pyfly.cqrs.exceptions import DuplicateHandlerError, NoHandlerError
from pyfly.cqrs.ports.outbound import CqrsMiddleware
from pyfly.cqrs.types import Command, CommandBus, Query, QueryBus
from pyfly.kernel.correlation import cause
from pyfly.kernel.nearest import nearest

R = TypeVar("R")
Handle = Callable[[Any], Awaitable[Any]]

# Bound here: methods of imported objects are called through a slow path of the interpreter.
_parent: Final = current.get
_enter: Final = current.set
_leave: Final = current.reset
_set_cause: Final = cause.set
_reset_cause: Final = cause.reset


class HandlerSource(Protocol):
    """Where a mediator finds handlers that nobody has registered with it."""

    def message_types(self) -> Iterable[type]:
        """Return the types of all messages that have a handler."""

    async def bound(self, message_type: type) -> Handle:
        """Return what handles messages of *message_type*, one of :meth:`message_types`."""


class Mediator(CommandBus, QueryBus):
    """Sends commands and queries. Each type of message has one handler and one chain, put together once.

    A message is handled by the handler of its class, otherwise by that of its nearest base. What the
    handler raises reaches the sender unchanged.
    """

    def __init__(
        self, middleware: Sequence[CqrsMiddleware] | None = None, *, handlers: HandlerSource | None = None
    ) -> None:
        """Pass messages through *middleware*, the first one outermost.

        Args:
            middleware: What every message passes through.
            handlers: Where handlers are found, besides those that are registered by hand.
        """
        self._middleware = tuple(middleware or ())
        self._source = handlers
        self._registered: dict[type, Any] = {}
        self._chains: dict[type, Handle] = {}

    def register_handler(self, message_type: type, handler: Any) -> None:
        """Let *handler*, an object with a method ``handle``, handle messages of *message_type*.

        Raises:
            DuplicateHandlerError: Another one does already.
        """
        known = self._registered.setdefault(message_type, handler)
        if known is not handler:
            raise DuplicateHandlerError(message_type.__name__, type(known).__name__, type(handler).__name__)
        self._chains.clear()

    @overload
    async def send(self, message: Command[R]) -> R: ...
    @overload
    async def send(self, message: Query[R]) -> R: ...
    @overload
    async def send(self, message: object) -> Any: ...
    async def send(self, message: Any) -> Any:
        """Return what the handler of *message* returns.

        Raises:
            NoHandlerError: Nobody handles it.
        """
        chain = self._chains.get(type(message)) or await self._chain_of(type(message))
        dispatch = Dispatch(message, _parent())
        entered, caused = _enter(dispatch), _set_cause(dispatch)
        try:
            return await chain(message)
        finally:
            _reset_cause(caused)
            _leave(entered)

    async def _chain_of(self, message_type: type) -> Handle:
        chain = await self._handle_of(message_type)
        for middleware in reversed(self._middleware):
            chain = _linked(middleware, chain)
        self._chains[message_type] = chain
        return chain

    async def _handle_of(self, message_type: type) -> Handle:
        found = set(self._source.message_types()) if self._source is not None else set()
        for cls in message_type.__mro__:
            if cls in self._registered:
                return _awaitable(self._registered[cls].handle)
            if self._source is not None and cls in found:
                return _awaitable(await self._source.bound(cls))
        known = [each.__name__ for each in (*self._registered, *found)]
        raise NoHandlerError(message_type.__name__, nearest(message_type.__name__, known))


def _linked(middleware: CqrsMiddleware, following: Handle) -> Handle:
    def link(message: Any) -> Awaitable[Any]:
        return middleware.handle(message, following)

    return link


def _awaitable(handle: Callable[[Any], Any]) -> Handle:
    if iscoroutinefunction(handle):
        return handle

    async def handled(message: Any) -> Any:
        result = handle(message)
        return await result if isinstance(result, Awaitable) else result

    return handled
