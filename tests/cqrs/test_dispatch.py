import asyncio
from typing import Any

import pytest

from pyfly.cqrs import Command, Mediator, correlation, correlation_id, current_dispatch
from pyfly.kernel.correlation import correlation as entered_with


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


async def test_a_message_names_the_one_it_was_sent_for(mediator: Mediator) -> None:
    seen: list[tuple[str, str | None]] = []

    class Tracing:
        async def handle(self, message: Any, next_handler: Any) -> Any:
            dispatch = current_dispatch()
            assert dispatch is not None
            seen.append((dispatch.message_id, dispatch.causation_id))
            return await next_handler(message)

    traced = Mediator([Tracing()])
    traced.register_handler(Outer, OuterHandler(traced))
    traced.register_handler(Inner, InnerHandler())
    await traced.send(Outer())
    (outer, no_cause), (inner, cause) = seen
    assert (no_cause, cause) == (None, outer)
    assert inner != outer


async def test_the_id_of_a_request_is_that_of_its_messages(mediator: Mediator) -> None:
    token = entered_with.set("request-7")
    try:
        assert await mediator.send(Outer()) == ["request-7", "request-7"]
    finally:
        entered_with.reset(token)
