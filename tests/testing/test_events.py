import pytest

from pyfly.context import ApplicationContext, ApplicationReadyEvent, ContextClosedEvent, ContextRefreshedEvent
from pyfly.core.config import Config
from pyfly.testing import RecordedEvents


async def test_all_events_of_a_context_are_recorded_in_order() -> None:
    context = ApplicationContext(Config({}))
    events = RecordedEvents(context)
    async with context:
        await context.event_bus.publish("hello")
    assert [type(event) for event in events] == [
        ContextRefreshedEvent,
        ApplicationReadyEvent,
        str,
        ContextClosedEvent,
    ]


def test_events_are_found_by_type_and_condition() -> None:
    events = RecordedEvents()
    for event in (1, "two", 3):
        events.record(event)
    assert events.of(int) == [1, 3]
    assert events.one(int, lambda number: number > 1) == 3
    events.clear()
    assert len(events) == 0


@pytest.mark.parametrize(("recorded", "count"), [([], 0), ([1, 2], 2)], ids=["none", "two"])
def test_one_event_means_exactly_one(recorded: list[int], count: int) -> None:
    events = RecordedEvents()
    for event in recorded:
        events.record(event)
    with pytest.raises(AssertionError, match=f"Expected one event of type int, found {count}"):
        events.one(int)
