"""What events belong to."""

import asyncio

from pyfly.eda import EventEnvelope, correlated, current_event
from pyfly.eda.adapters import InMemoryEventBus


def chain() -> tuple[InMemoryEventBus, list[EventEnvelope]]:
    """Return a bus on which an order leads to an invoice, and that to a mail."""
    bus, seen = InMemoryEventBus(), []
    next_of = {"order": "invoice", "invoice": "mail"}

    async def handler(envelope: EventEnvelope) -> None:
        seen.append(envelope)
        assert current_event() is envelope
        if following := next_of.get(envelope.event_type):
            await bus.publish("shop", following, {})

    bus.subscribe("*", handler)
    return bus, seen


async def test_what_an_event_leads_to_shares_its_correlation_and_names_its_cause() -> None:
    bus, seen = chain()
    await bus.publish("shop", "order", {})
    order, invoice, mail = seen
    assert order.causation_id is None
    assert order.correlation_id == order.event_id
    assert (invoice.correlation_id, invoice.causation_id) == (order.event_id, order.event_id)
    assert (mail.correlation_id, mail.causation_id) == (order.event_id, invoice.event_id)
    assert current_event() is None


async def test_a_cause_that_is_no_event_gives_its_own_id() -> None:
    bus, seen = chain()
    with correlated("request-7"):
        await bus.publish("shop", "order", {})
    await bus.publish("shop", "mail", {})
    assert [each.correlation_id for each in seen[:3]] == ["request-7"] * 3
    assert seen[0].causation_id is None
    assert seen[3].correlation_id == seen[3].event_id


async def test_tasks_do_not_see_each_others_events() -> None:
    bus, seen = chain()

    async def publish(name: str) -> None:
        with correlated(name):
            await asyncio.sleep(0)
            await bus.publish("shop", "order", {"by": name})

    await asyncio.gather(*(publish(str(number)) for number in range(5)))
    orders = [each for each in seen if each.event_type == "order"]
    assert [each.correlation_id for each in orders] == [each.payload["by"] for each in orders]
