import asyncio
from datetime import timedelta
from itertools import pairwise

from pyfly.web.adapters.uvicorn.watch import Watch
from pyfly.web.connections.properties import ConnectionProperties

LIMITS = ConnectionProperties(header_timeout=timedelta(seconds=1))


class Looked:
    """A connection that notes when it was looked at, and is open for a number of looks."""

    def __init__(self, looks: int = 1_000, costs: float = 0) -> None:
        self.left, self.costs = looks, costs
        self.at: list[float] = []

    def look(self, now: float, limits: ConnectionProperties) -> bool:
        assert limits is LIMITS
        self.at.append(now)
        end = asyncio.get_running_loop().time() + self.costs
        while asyncio.get_running_loop().time() < end:
            pass
        self.left -= 1
        return self.left > 0


async def watched(connections: list[Looked], looks: int) -> list[int]:
    """Watch *connections* until there were as many looks, and return how many there were in a row each time."""
    watch, in_a_row, count = Watch(LIMITS), list[int](), 0
    for connection in connections:
        watch.add(connection)
    watch.start()
    async with asyncio.timeout(10):
        while count < looks:
            await asyncio.sleep(0)
            seen = sum(len(connection.at) for connection in connections)
            in_a_row.append(seen - count)
            count = seen
    watch.stop()
    return in_a_row


async def test_each_connection_has_its_turn_before_any_has_another() -> None:
    connections = [Looked() for _ in range(500)]
    await watched(connections, 700)
    assert {len(connection.at) for connection in connections} == {1, 2}


async def test_connections_have_their_turns_a_few_at_a_time() -> None:
    assert max(await watched([Looked() for _ in range(500)], 600)) <= 20


async def test_a_connection_is_looked_at_four_times_a_second() -> None:
    connection = Looked()
    await watched([connection, *(Looked() for _ in range(99))], 401)
    pauses = [later - earlier for earlier, later in pairwise(connection.at)]
    assert min(pauses) >= 0.2


async def test_giving_many_up_leaves_room_for_others_in_between() -> None:
    connections = [Looked(1, costs=0.0006) for _ in range(100)]
    assert max(await watched(connections, 100)) <= 2


async def test_a_connection_that_has_ended_is_forgotten() -> None:
    gone, there = Looked(1), Looked()
    await watched([gone, there], 3)
    assert (len(gone.at), len(there.at)) == (1, 2)
