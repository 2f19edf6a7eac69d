from dataclasses import dataclass, field
from typing import Any

import pytest

from pyfly.testing import assert_event_published, assert_no_events_published


@dataclass
class Envelope:
    event_type: str
    payload: dict[str, Any] = field(default_factory=dict)


CREATED = [Envelope("order.created", {"id": 1, "sum": 5}), Envelope("order.created", {"id": 2, "sum": 5})]


def test_the_first_event_of_the_type_is_returned() -> None:
    assert assert_event_published(CREATED, "order.created") is CREATED[0]


def test_every_event_of_the_type_is_considered() -> None:
    assert assert_event_published(CREATED, "order.created", {"id": 2, "sum": 5}) is CREATED[1]


@pytest.mark.parametrize(
    ("event_type", "payload", "said"),
    [
        ("order.paid", None, r"^Expected event 'order.paid'; published: order.created, order.created$"),
        (
            "order.created",
            {"id": 3},
            r"Expected event 'order.created' with payload containing .*'id': 1.*'id': 2",
        ),
        ("order.created", {"missing": None}, "Expected event"),
    ],
    ids=["no such type", "other values", "no such value"],
)
def test_a_missing_event_is_described_with_what_there_is(
    event_type: str, payload: dict[str, Any] | None, said: str
) -> None:
    with pytest.raises(AssertionError, match=said):
        assert_event_published(CREATED, event_type, payload)


def test_no_events_are_none() -> None:
    assert_no_events_published([])
    with pytest.raises(AssertionError, match=r"Expected no events, but 2 were published: order\.created"):
        assert_no_events_published(CREATED)
