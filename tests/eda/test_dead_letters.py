"""Dead letters: looked at, replayed, discarded."""

import pytest

from pyfly.eda import ErrorStrategy, EventEnvelope, UnknownDeadLetterError
from pyfly.eda.adapters import InMemoryEventBus
from tests.eda.support import Failing, bus_with


async def with_letter(failing: Failing) -> InMemoryEventBus:
    bus = bus_with(ErrorStrategy.DEAD_LETTER)
    bus.listen("*", failing, name="mailer")
    await bus.publish("a", "a.b", {"id": 1})
    return bus


async def test_a_replay_goes_to_the_listener_that_failed_and_to_nobody_else() -> None:
    failing, other = Failing(1), Failing(0)
    bus = await with_letter(failing)
    bus.subscribe("*", other)
    (letter,) = await bus.dead_letters.all()
    await bus.dead_letters.replay(letter.letter_id)
    assert failing.handled == [{"id": 1}]
    assert other.calls == 0
    assert await bus.dead_letters.all() == ()


async def test_a_replay_that_fails_again_says_so_and_keeps_the_letter() -> None:
    bus = await with_letter(Failing(2))
    (letter,) = await bus.dead_letters.all()
    with pytest.raises(OSError, match="failure 2"):
        await bus.dead_letters.replay(letter.letter_id)
    kept = await bus.dead_letters.get(letter.letter_id)
    assert (kept.attempts, kept.error_message) == (2, "failure 2")


async def test_replaying_all_counts_what_went_well() -> None:
    failing = Failing(4)
    bus = await with_letter(failing)
    await bus.publish("a", "a.c", {"id": 2})
    assert await bus.dead_letters.replay_all() == 0
    assert await bus.dead_letters.replay_all() == 2
    assert failing.handled == [{"id": 1}, {"id": 2}]


async def test_a_letter_can_be_discarded_once() -> None:
    bus = await with_letter(Failing(1))
    (letter,) = await bus.dead_letters.all()
    assert await bus.dead_letters.discard(letter.letter_id)
    assert not await bus.dead_letters.discard(letter.letter_id)
    with pytest.raises(UnknownDeadLetterError):
        await bus.dead_letters.replay(letter.letter_id)


async def test_a_letter_whose_listener_is_gone_cannot_be_replayed_and_stays() -> None:
    bus = bus_with(ErrorStrategy.DEAD_LETTER)
    handle = bus.listen("*", Failing(1), name="mailer")
    await bus.publish("a", "a.b", {})
    handle.cancel()
    (letter,) = await bus.dead_letters.all()
    with pytest.raises(UnknownDeadLetterError, match="Nobody called mailer"):
        await bus.dead_letters.replay(letter.letter_id)
    assert await bus.dead_letters.all() == (letter,)


async def test_two_listeners_of_one_name_are_told_apart() -> None:
    bus = bus_with(ErrorStrategy.DEAD_LETTER)
    handlers = [Failing(1), Failing(1)]
    for handler in handlers:
        bus.listen("*", handler, name="mailer")
    await bus.publish("a", "a.b", {})
    assert [letter.listener for letter in await bus.dead_letters.all()] == ["mailer", "mailer#2"]
    assert await bus.dead_letters.replay_all() == 2
    assert [len(handler.handled) for handler in handlers] == [1, 1]


async def test_what_a_replayed_event_leads_to_names_it_as_its_cause() -> None:
    bus = bus_with(ErrorStrategy.DEAD_LETTER)
    seen: list[EventEnvelope] = []
    failing = Failing(1)

    async def first(envelope: EventEnvelope) -> None:
        await failing(envelope)
        await bus.publish("a", "a.second", {})

    bus.subscribe("a.first", first)
    bus.subscribe("a.second", seen.append)  # type: ignore[arg-type]
    await bus.publish("a", "a.first", {})
    (letter,) = await bus.dead_letters.all()
    await bus.dead_letters.replay_all()
    assert seen[0].causation_id == letter.envelope.event_id
