"""The registry of an application finds policies and listeners among its beans."""

import pytest

from pyfly.container import Container
from pyfly.resilience import (
    Bulkhead,
    ResilienceEvent,
    ResilienceEvents,
    ResilienceProperties,
    UnknownPolicyError,
)
from pyfly.resilience.beans import registry
from pyfly.testing import TestClock


class Heard(ResilienceEvents):
    def __init__(self) -> None:
        self.events: list[ResilienceEvent] = []

    def on_event(self, event: ResilienceEvent) -> None:
        self.events.append(event)


def test_a_policy_is_found_by_the_name_of_its_bean_and_tells_the_listeners() -> None:
    container, heard = Container(), Heard()
    container.register_instance(Bulkhead(1), name="till")
    container.register_instance(heard)
    found = registry(container, ResilienceProperties(), TestClock())
    wall = found.bulkhead("till")
    wall.acquire_sync()
    with pytest.raises(Exception, match="at capacity"):
        wall.acquire_sync()
    assert [event.type.value for event in heard.events] == ["rejected"]
    with pytest.raises(UnknownPolicyError):
        found.retry("till")
