"""One handler of events: called, and cared for when it fails."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from pyfly.eda.types import ErrorStrategy, EventEnvelope, EventHandler
from pyfly.kernel.correlation import cause


class Listener:
    """A handler with its name, its place and what happens when it fails."""

    __slots__ = ("handler", "name", "order", "recover", "strategy")

    def __init__(
        self, handler: EventHandler, name: str, order: int, strategy: ErrorStrategy, recover: "Recover"
    ) -> None:
        """Describe *handler*; *recover* is told of its failures."""
        self.handler = handler
        self.name = name
        self.order = order
        self.strategy = strategy
        self.recover = recover

    async def __call__(self, envelope: EventEnvelope) -> None:
        """Deliver *envelope*, and recover from a failure as the strategy says.

        Raises:
            Exception: The strategy is to fail fast.
        """
        token = cause.set(envelope)
        try:
            await self.attempt(envelope)
        except Exception as failure:  # noqa: BLE001  # the strategy decides
            await self.recover(self, envelope, failure)
        finally:
            cause.reset(token)

    async def attempt(self, envelope: EventEnvelope) -> None:
        """Call the handler once; what it raises reaches the caller."""
        result: Any = self.handler(envelope)
        if isawaitable(result):
            await result


Recover = Callable[[Listener, EventEnvelope, Exception], Awaitable[None]]
"""Does what the strategy of a listener says about its failure, which it may raise again."""


def name_of(handler: Any) -> str:
    """Return what *handler* is called in logs and dead letters."""
    function = getattr(handler, "__func__", handler)
    name = getattr(function, "__qualname__", type(handler).__qualname__)
    return f"{getattr(function, '__module__', '')}.{name}".lstrip(".")
