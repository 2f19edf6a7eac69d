"""Messages and their handlers."""

from typing import Any, Generic, Protocol, TypeVar

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
C = TypeVar("C")
Q = TypeVar("Q")


class Command(Generic[R_co]):
    """Something to be done. ``class PlaceOrder(Command[int])`` is answered with an ``int``."""

    __slots__ = ()


class Query(Generic[R_co]):
    """Something to be known. ``class FindOrder(Query[Order | None])`` is answered with an order or ``None``."""

    __slots__ = ()


class CommandHandler(Generic[C]):
    """Does what commands of class ``C``, and of its subclasses without a handler of their own, ask for."""

    async def handle(self, command: C) -> Any:
        """Do it and return the result."""
        raise NotImplementedError(f"{type(self).__name__} does not say how to handle a command")


class QueryHandler(Generic[Q]):
    """Answers queries of class ``Q``, and of its subclasses without a handler of their own."""

    async def handle(self, query: Q) -> Any:
        """Return the answer."""
        raise NotImplementedError(f"{type(self).__name__} does not say how to answer a query")


class CommandBus(Protocol):
    """What sends commands; the :class:`~pyfly.cqrs.mediator.Mediator` is one."""

    async def send(self, message: Command[R], /) -> R:
        """Return what the handler of *message* returns."""


class QueryBus(Protocol):
    """What sends queries; the :class:`~pyfly.cqrs.mediator.Mediator` is one."""

    async def send(self, message: Query[R], /) -> R:
        """Return what the handler of *message* returns."""
