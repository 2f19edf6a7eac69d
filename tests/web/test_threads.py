"""``/actuator/threads`` shows the pool of handlers that are not async, over HTTP."""

import asyncio
import threading

from pyfly.container import service
from pyfly.web import WebApplication, get_mapping, rest_controller
from tests.web.booted import booted
from tests.web.served import eventually


@service
class Gate:
    def __init__(self) -> None:
        self.open = threading.Event()


@rest_controller
class Blocking:
    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @get_mapping("/wait")
    def wait(self) -> bool:
        return self.gate.open.wait(10)


async def test_the_threads_of_plain_handlers_are_counted() -> None:
    async with booted(Gate, Blocking, sync_threads=1, sync_queue=1, actuator__expose="threads") as running:
        application = running.application.context.get_bean(WebApplication)
        calls = [asyncio.create_task(running.client.get("/wait"))]
        await eventually(lambda: application.threads.active)
        calls.append(asyncio.create_task(running.client.get("/wait")))
        await eventually(lambda: application.threads.waiting)
        refused = await running.client.get("/wait")
        busy = (await running.client.get("/actuator/threads")).json()
        running.application.context.get_bean(Gate).open.set()
        await asyncio.gather(*calls)
        after = (await running.client.get("/actuator/threads")).json()
    assert refused.status_code == 503
    assert busy == {"limit": 1, "threads": 1, "active": 1, "waiting": 1, "completed": 0, "refused": 1}
    assert (after["active"], after["completed"]) == (0, 2)


async def test_an_application_without_such_handlers_has_no_threads() -> None:
    async with booted(actuator__expose="threads", enabled="true") as (_, client):
        assert (await client.get("/actuator/threads")).json()["threads"] == 0
