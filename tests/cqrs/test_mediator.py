from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pyfly.cqrs import Command, CommandHandler, Mediator, NoHandlerError, Query, QueryHandler
from pyfly.cqrs.exceptions import DuplicateHandlerError
from pyfly.cqrs.middleware import CqrsMiddleware
from pyfly.kernel import explain


@dataclass(frozen=True)
class Create(Command[int]):
    name: str


@dataclass(frozen=True)
class CreateGift(Create): ...


@dataclass(frozen=True)
class Find(Query[str]):
    id: int


@dataclass(frozen=True)
class Bare(Command): ...  # type: ignore[type-arg]  # the published form


class CreateHandler(CommandHandler[Create]):
    async def handle(self, command: Create) -> int:
        if not command.name:
            raise LookupError("no name")
        return len(command.name)


class FindHandler(QueryHandler[Find]):
    async def handle(self, query: Find) -> str:
        return f"number {query.id}"


class Recording(CqrsMiddleware):
    def __init__(self, name: str, seen: list[str]) -> None:
        self.name = name
        self.seen = seen

    async def handle(self, message: Any, next_handler: Callable[[Any], Awaitable[Any]]) -> Any:
        self.seen.append(f"{self.name}:before")
        result = await next_handler(message)
        self.seen.append(f"{self.name}:after")
        return result


class Answering:
    async def handle(self, message: Any, next_handler: Callable[[Any], Awaitable[Any]]) -> Any:
        return "answered"


@pytest.fixture
def mediator() -> Mediator:
    mediator = Mediator()
    mediator.register_handler(Create, CreateHandler())
    mediator.register_handler(Find, FindHandler())
    return mediator


async def test_the_type_of_a_result_is_that_of_its_message(mediator: Mediator) -> None:
    created: int = await mediator.send(Create("ann"))
    found: str = await mediator.send(Find(7))
    assert (created, found) == (3, "number 7")


async def test_a_message_that_nobody_handles_is_a_key_error_that_names_the_nearest() -> None:
    class Crate(Command[int]): ...

    mediator = Mediator()
    mediator.register_handler(Create, CreateHandler())
    with pytest.raises(KeyError, match="No handler registered for Crate") as caught:
        await mediator.send(Crate())
    assert str(caught.value) == "No handler registered for Crate; did you mean Create?"
    diagnosis = explain(caught.value)
    assert diagnosis is not None
    assert "Create" in diagnosis.why[0]


async def test_an_unhandled_message_without_a_near_one_names_itself_only() -> None:
    with pytest.raises(NoHandlerError) as caught:
        await Mediator().send(Bare())
    assert str(caught.value) == "No handler registered for Bare"


async def test_the_nearest_base_handles_what_has_no_handler_of_its_own(mediator: Mediator) -> None:
    assert await mediator.send(CreateGift("ann")) == 3


async def test_a_handler_registered_later_is_used_from_then_on(mediator: Mediator) -> None:
    class GiftHandler(CommandHandler[CreateGift]):
        async def handle(self, command: CreateGift) -> int:
            return -1

    assert await mediator.send(CreateGift("ann")) == 3
    mediator.register_handler(CreateGift, GiftHandler())
    assert await mediator.send(CreateGift("ann")) == -1


async def test_a_second_handler_for_a_message_is_refused(mediator: Mediator) -> None:
    with pytest.raises(DuplicateHandlerError, match="Create is handled by CreateHandler already"):
        mediator.register_handler(Create, CreateHandler())


async def test_what_a_handler_raises_arrives_unchanged(mediator: Mediator) -> None:
    with pytest.raises(LookupError, match="no name"):
        await mediator.send(Create(""))


async def test_the_first_middleware_is_outermost() -> None:
    seen: list[str] = []
    mediator = Mediator([Recording("first", seen), Recording("second", seen)])
    mediator.register_handler(Create, CreateHandler())
    await mediator.send(Create("ann"))
    assert seen == ["first:before", "second:before", "second:after", "first:after"]


async def test_middleware_may_answer_itself() -> None:
    mediator = Mediator([Answering()])
    mediator.register_handler(Find, FindHandler())
    assert await mediator.send(Find(7)) == "answered"


async def test_a_handler_need_not_be_async() -> None:
    class Sync:
        def handle(self, command: Create) -> int:
            return 42

    mediator = Mediator()
    mediator.register_handler(Create, Sync())
    assert await mediator.send(Create("ann")) == 42


async def test_a_handler_that_does_not_say_how_is_not_implemented() -> None:
    mediator = Mediator()
    mediator.register_handler(Bare, CommandHandler())
    mediator.register_handler(Find, QueryHandler())
    with pytest.raises(NotImplementedError):
        await mediator.send(Bare())
    with pytest.raises(NotImplementedError):
        await mediator.send(Find(1))
