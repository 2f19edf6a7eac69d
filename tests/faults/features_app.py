"""One handler for each thing that could keep the loop busy."""

import time
from collections.abc import AsyncIterator

from pydantic import BaseModel, Field

from pyfly.container import rest_controller
from pyfly.web import Body, get_mapping, post_mapping, sse_mapping


class Row(BaseModel):
    number: int
    name: str = Field(max_length=100)
    tags: list[str]


ROWS = [Row(number=number, name=f"row {number}" * 5, tags=["a", "b", "c"]) for number in range(2000)]


@rest_controller
class Features:
    @get_mapping("/waiting")
    def waiting(self) -> int:
        time.sleep(0.4)
        return 1

    @get_mapping("/blocking")
    async def blocking(self) -> int:
        time.sleep(0.15)  # noqa: ASYNC251  # what the heartbeat has to notice
        return 1

    @get_mapping("/rows")
    async def rows(self) -> list[Row]:
        return ROWS

    @post_mapping("/rows")
    async def take(self, rows: Body[list[Row]]) -> int:
        return len(rows)

    @get_mapping("/failing")
    async def failing(self) -> int:
        raise RuntimeError("a bug")

    @get_mapping("/lines")
    async def lines(self) -> AsyncIterator[Row]:
        for row in ROWS[:200]:
            yield row

    @sse_mapping("/events")
    async def events(self) -> AsyncIterator[Row]:
        for row in ROWS[:200]:
            yield row
