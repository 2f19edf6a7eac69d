"""One listener on its own, as publishers without a notion of listeners call it."""

import pytest

from pyfly.eda import DeadLetters, ErrorStrategy, EventEnvelope, Recovery, current_event
from pyfly.eda.adapters import InMemoryDeadLetterStore
from pyfly.eda.delivery import name_of
from tests.eda.support import Failing

EVENT = EventEnvelope("a.b", {"id": 1}, "a")


def recovery() -> Recovery:
    return Recovery(DeadLetters(InMemoryDeadLetterStore()))


async def test_a_listener_handles_an_event_as_the_cause_of_what_follows() -> None:
    seen = []

    async def handle(envelope: EventEnvelope) -> None:
        seen.append(current_event())

    await recovery().listener(handle)(EVENT)
    assert seen == [EVENT]
    assert current_event() is None


async def test_its_failures_are_recovered_from_as_its_strategy_says() -> None:
    used = recovery()
    await used.listener(Failing(1), error_strategy="dead-letter")(EVENT)
    assert len(await used.dead_letters.all()) == 1
    with pytest.raises(OSError, match="failure 1"):
        await used.listener(Failing(1), error_strategy=ErrorStrategy.FAIL_FAST)(EVENT)


def test_a_handler_is_called_what_it_is() -> None:
    class Mailer:
        async def send(self, envelope: EventEnvelope) -> None: ...

    assert name_of(Mailer().send).endswith("Mailer.send")
    assert name_of(test_a_handler_is_called_what_it_is).startswith("tests.eda.test_delivery.")
    assert name_of(Failing(1)) == "tests.eda.support.Failing"
