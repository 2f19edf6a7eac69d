import asyncio
from typing import Any

import pytest

from pyfly.cqrs import Command, Mediator, correlation, correlation_id, current_dispatch


class Outer(Command[list[str]]): ...


class Inner(Command[str]): ...


class Failing(Command[None]): ...


class OuterHandler:
    def __init__(self, mediator: Mediator) -> None:
        self.mediator = mediator

    async def handle(self, message: Outer) -> list[str]:
        inner = await self.mediator.send(Inner())
        dispatch = current_dispatch()
        assert dispatch is not None
        assert dispatch.message is message
        return [inner, correlation_id()]


class InnerHandler:
    async def handle(self, message: Inner) -> str:
        dispatch = current_dispatch()
        assert dispatch is not None
        assert dispatch.message is message
        return correlation_id()


class FailingHandler:
    async def handle(self, message: Any) -> None:
        raise LookupError


@pytest.fixture
def mediator() -> Mediator:
    mediator = Mediator()
    mediator.register_handler(Outer, OuterHandler(mediator))
    mediator.register_handler(Inner, InnerHandler())
    mediator.register_handler(Failing, FailingHandler())
    return mediator


async def test_what_a_message_leads_to_shares_its_id(mediator: Mediator) -> None:
    inner, outer = await mediator.send(Outer())
    assert inner == outer != ""


async def test_messages_of_their_own_have_ids_of_their_own(mediator: Mediator) -> None:
    first, second = await asyncio.gather(mediator.send(Inner()), mediator.send(Inner()))
    assert first != second


async def test_an_id_can_be_given_from_outside(mediator: Mediator) -> None:
    with correlation("request 7"):
        assert current_dispatch() is None
        assert await mediator.send(Outer()) == ["request 7", "request 7"]
    assert correlation_id() == ""


async def test_the_dispatch_ends_with_its_message_even_when_that_fails(mediator: Mediator) -> None:
    with correlation("request 7"):
        with pytest.raises(LookupError):
            await mediator.send(Failing())
        assert correlation_id() == "request 7"
        assert current_dispatch() is None
