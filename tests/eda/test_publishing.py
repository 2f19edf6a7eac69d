"""The order in which several publications of one method happen."""

from pyfly.eda import event_publisher, publish_result
from pyfly.eda.adapters import InMemoryEventBus


async def test_several_publications_of_one_function_all_happen() -> None:
    bus, seen = InMemoryEventBus(), []
    bus.subscribe("*", lambda envelope: seen.append(envelope.event_type))  # type: ignore[arg-type, return-value]

    @event_publisher(bus, "orders", "order.requested", "BOTH")
    @publish_result(bus, "orders", "order.made")
    async def request(id: int) -> int:
        seen.append("call")
        return id

    assert await request(id=1) == 1
    assert seen == ["order.requested", "call", "order.made", "order.requested"]
