"""The pool of threads in which handlers that are not async run."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextvars import ContextVar
from pathlib import Path

import httpx
import pytest

from pyfly.kernel.exceptions import ServiceUnavailableException
from pyfly.web import get_mapping, rest_controller
from pyfly.web.properties import WebProperties
from pyfly.web.routing.pool import SyncPool
from tests.servers.process import free_port
from tests.web.booted import booted
from tests.web.served import eventually
from tests.web.support import assembled, client_for, container_of

WORD: ContextVar[str] = ContextVar("tests.pool.word", default="")


async def test_functions_run_in_named_threads_with_the_context_of_their_caller() -> None:
    pool = SyncPool(2)
    WORD.set("caller")
    name, word = await pool.run(lambda: (threading.current_thread().name, WORD.get()))
    pool.close()
    assert (name, word) == ("pyfly-web-0", "caller")


async def test_no_more_run_at_a_time_than_there_are_threads_and_the_pool_tells_what_it_does() -> None:
    pool, release = SyncPool(2), threading.Event()
    calls = [asyncio.create_task(pool.run(release.wait)) for _ in range(5)]
    await eventually(lambda: pool.status.active == 2)
    assert pool.status == (2, 2, 2, 3, 0, 0)
    release.set()
    await asyncio.gather(*calls)
    await eventually(lambda: pool.status == (2, 2, 0, 0, 5, 0))
    pool.close()


async def test_failures_reach_the_caller() -> None:
    pool = SyncPool(1)
    with pytest.raises(LookupError, match="gone"):
        await pool.run(_raise, LookupError("gone"))
    with pytest.raises(RuntimeError, match="StopIteration"):
        await pool.run(_raise, StopIteration())
    assert await pool.run(asyncio.sleep, 0, "awaited") == "awaited"
    pool.close()


async def test_a_call_that_nobody_waits_for_any_more_is_not_begun() -> None:
    pool, release, begun = SyncPool(1), threading.Event(), []
    first = asyncio.create_task(pool.run(release.wait))
    await eventually(lambda: pool.status.active == 1)
    second = asyncio.create_task(pool.run(lambda: begun.append(2)))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    release.set()
    await first
    await pool.run(lambda: begun.append(3))
    pool.close()
    assert begun == [3]


async def test_a_closed_pool_ends_its_threads_and_may_be_used_again() -> None:
    pool = SyncPool(3)
    thread = await pool.run(threading.current_thread)
    pool.close()
    await eventually(lambda: not thread.is_alive())
    assert await pool.run(lambda: "again") == "again"
    pool.close()


async def test_a_call_that_nobody_waits_for_gives_up_its_place_and_what_it_holds() -> None:
    pool, release = SyncPool(1, 1), threading.Event()
    first = asyncio.create_task(pool.run(release.wait))
    await eventually(lambda: pool.status.active == 1)
    held = Held()
    alive = weakref.ref(held)
    second = asyncio.create_task(pool.run(held.use))
    del held
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    del second
    await asyncio.sleep(0)  # the loop holds what it has just delivered
    gc.collect()
    assert (alive(), pool.status.waiting) == (None, 0)
    third = asyncio.create_task(pool.run(lambda: "third"))
    release.set()
    assert (await first, await third) == (True, "third")
    pool.close()


async def test_a_caller_goes_on_when_nothing_of_its_call_is_left_in_the_thread() -> None:
    pool = SyncPool(1)
    for _ in range(300):
        held = Held()
        alive = weakref.ref(held)
        ended = pool.run(held.use)
        del held
        await ended
        assert alive() is None
    pool.close()


async def test_more_than_the_queue_takes_are_refused_unless_they_have_been_admitted() -> None:
    pool, release = SyncPool(1, 2), threading.Event()
    calls = [asyncio.create_task(pool.run(release.wait)) for _ in range(3)]
    await eventually(lambda: pool.status.active == 1)
    with pytest.raises(ServiceUnavailableException, match="Too many"):
        await pool.run(release.wait)
    calls.append(asyncio.create_task(pool.run_admitted(release.wait)))
    await eventually(lambda: pool.status.waiting == 3)
    release.set()
    assert await asyncio.gather(*calls) == [True] * 4
    pool.close()


async def test_what_waits_when_the_pool_is_closed_is_told() -> None:
    pool, release = SyncPool(1), threading.Event()
    first = asyncio.create_task(pool.run(release.wait))
    await eventually(lambda: pool.status.active == 1)
    second = asyncio.create_task(pool.run(release.wait))
    await asyncio.sleep(0)
    pool.close()
    with pytest.raises(ServiceUnavailableException, match="stops"):
        await second
    release.set()
    assert await first


async def test_closing_a_busy_pool_never_hangs_and_leaves_it_usable() -> None:
    pool = SyncPool(4)
    for _ in range(300):
        calls = [asyncio.create_task(pool.run(int)) for _ in range(8)]
        await asyncio.sleep(0)
        pool.close()
        found = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 10)
        assert {type(each) for each in found} <= {int, ServiceUnavailableException}
        assert await asyncio.wait_for(pool.run(lambda: "usable"), 10) == "usable"
    pool.close()
    await eventually(lambda: pool.status[:4] == (4, 0, 0, 0))


async def test_a_full_queue_is_503_with_a_time_to_come_back() -> None:
    release = threading.Event()

    @rest_controller
    class Slow:
        @get_mapping("/slow")
        def slow(self) -> str:
            release.wait(10)
            return "done"

    assembly = assembled(container_of(Slow), WebProperties(sync_threads=1, sync_queue=1))
    async with client_for(assembly.dispatch) as client:
        taken = [asyncio.create_task(client.get("/slow")) for _ in range(2)]
        await eventually(lambda: (assembly.pool.status.active, assembly.pool.status.waiting) == (1, 1))
        refused = await client.get("/slow")
        release.set()
        answers = await asyncio.gather(*taken)
    assembly.close()
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert [each.status_code for each in answers] == [200, 200]


class Held:
    """Something that a call keeps alive."""

    def use(self) -> None: ...


def _raise(error: BaseException) -> None:
    raise error


HANGING = """
import sys, time
from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping

@rest_controller
class Here:
    @get_mapping("/hang")
    def hang(self) -> None:
        time.sleep(1000)

    @get_mapping("/fine")
    async def fine(self) -> None: ...

@pyfly_application(name="hanging", scan_packages=["hanging"])
class Application: ...

if __name__ == "__main__":
    from hanging import Application
    PyFlyApplication(Application, args=sys.argv[1:]).run()
"""


def test_a_handler_that_never_returns_does_not_keep_the_process(tmp_path: Path) -> None:
    (tmp_path / "hanging.py").write_text(HANGING)
    port = free_port()
    arguments = (
        "--pyfly.web.host=127.0.0.1",
        f"--pyfly.web.port={port}",
        "--pyfly.web.shutdown-timeout=200ms",
    )
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "hanging.py", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{root}:{tmp_path}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                try:
                    assert client.get("/fine").status_code == 204
                    break
                except httpx.ConnectError:
                    time.sleep(0.02)
            with pytest.raises(httpx.ReadTimeout):
                client.get("/hang", timeout=0.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(3) == 0
    finally:
        process.kill()
        process.wait()


async def test_a_machine_without_further_threads_refuses_the_first_call_and_shares_those_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start, refusals = threading.Thread.start, [True, False, True, True, False]

    def sometimes(thread: threading.Thread) -> None:
        if refusals.pop(0):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", sometimes)
    pool, release = SyncPool(2), threading.Event()
    with pytest.raises(ServiceUnavailableException, match="There is no thread"):
        await pool.run(lambda: 1)
    calls = [asyncio.create_task(pool.run(release.wait)) for _ in range(3)]
    await eventually(lambda: pool.status.active == 1)
    release.set()
    assert await asyncio.gather(*calls) == [True, True, True]
    assert await pool.run(lambda: 2) == 2
    pool.close()


async def test_a_request_that_no_thread_can_be_had_for_is_refused_and_the_next_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    @rest_controller
    class Plain:
        @get_mapping("/plain")
        def plain(self) -> str:
            return "made"

    async with booted(Plain, sync_threads=1) as app:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", refuse)
            refused = await app.client.get("/plain")
        answered = await app.client.get("/plain")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert answered.json() == "made"
