"""T07: of many requests at the same time, none sees anything of another, and nothing of them is left."""

import asyncio
import gc
import json
import threading
from itertools import count
from random import Random

import pytest

from pyfly.core import pyfly_application
from pyfly.core.asgi import AsgiApplication
from pyfly.kernel.correlation import correlation
from pyfly.testing import PyFlyTest
from tests.faults import interleaved_app
from tests.faults.asgi_client import ask
from tests.faults.conftest import Tally
from tests.faults.interleaved_app import USER, Eyes, Visit

WORKERS = 200
WAYS = ("plain", "threads", "group", "background", "sync", "body")
HEAVY = frozenset({"threads", "sync"})


@pytest.mark.timeout(60)
async def test_requests_see_nothing_of_each_other(nothing_left: None, tally: Tally) -> None:
    await interleave(each=100, tally=tally)


@pytest.mark.nightly
@pytest.mark.timeout(600)
async def test_100_000_requests_see_nothing_of_each_other(nothing_left: None, tally: Tally) -> None:
    await interleave(each=500, tally=tally)


async def interleave(*, each: int, tally: Tally) -> None:
    """Let all workers send *each* requests, some of which are given up, and look for traces."""
    Visit.forget()
    load = Load()
    mark = pyfly_application(name="interleaved", scan_packages=[interleaved_app.__name__])
    quiet = {"pyfly.web.access-log.enabled": False}
    async with PyFlyTest(mark(type("Interleaved", (), {})), properties=quiet) as application:
        container = application.context.container
        app, eyes = container.resolve(AsgiApplication), container.resolve(Eyes)  # type: ignore[type-abstract]
        async with asyncio.TaskGroup() as workers:
            for seed in range(WORKERS):
                workers.create_task(load.work(app, Random(seed), each))
        await asyncio.gather(*eyes.tasks)
        assert load.wrong == []
        assert [pair for pair in eyes.later if pair[0] != pair[1]] == []
        assert (Visit.made, Visit.destroyed_again) == (Visit.destroyed, 0)
    await asyncio.get_running_loop().shutdown_default_executor()
    for thread in threading.enumerate():
        if thread.name.startswith("pyfly-web"):  # told to end, and may not have got round to it
            thread.join(5)
    # Only now: the handler of a request that was given up runs to its end in its thread, with what it was given.
    gc.collect()
    assert len(Visit.alive) == 0
    assert (USER.get(), correlation.get()) == ("", "")
    assert load.given_up > 0 < load.gone
    tally(load.done, load.given_up + load.gone)


class Load:
    """What the workers do and find."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.wrong: list[object] = []
        self.done = self.given_up = self.gone = 0

    async def work(self, app: object, random: Random, requests: int) -> None:
        for _ in range(requests):
            way = random.choice(WAYS)
            if way in HEAVY and random.random() < 0.5:
                way = "plain"
            await self.one(app, random, way)
            self.done += 1

    async def one(self, app: object, random: Random, way: str) -> None:
        user = f"user{next(self.numbers)}"
        steps = random.randrange(6)
        given_up = random.random() < 0.05
        gone = way == "body" and random.random() < 0.05
        answer = await ask(
            app,
            "POST" if way == "body" else "GET",
            f"/{way}/{user}/{steps}",
            chunks=[user[:2].encode(), b"<gone>" if gone else user[2:].encode()],
            headers=[(b"x-transaction-id", f"id-{user}".encode()), (b"content-type", b"text/plain")],
            cancel_after=random.randrange(12) if given_up else None,
        )
        self.given_up += given_up
        self.gone += gone
        if given_up or gone:
            return
        expected = {"user": user, "id": f"id-{user}", "visit": user}
        if answer is None or answer.headers.get(b"x-transaction-id") != f"id-{user}".encode():
            self.wrong.append((way, user, answer))
        elif answer.status != 200 or any(seen != expected for seen in json.loads(answer.body)):
            self.wrong.append((way, user, answer.body))
