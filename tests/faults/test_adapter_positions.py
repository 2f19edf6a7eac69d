"""T06: whatever goes wrong at whichever adapter, what was started is stopped: once, in reverse."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.adapters import ADAPTERS
from tests.faults.applications import Written, written
from tests.faults.conftest import Tally
from tests.faults.fault_rows import IMPORTS
from tests.faults.journal import ACTS, JOURNAL, RefusedError

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("nothing_left")]

STOP_LIMIT = 5.0
CONFIG = "pyfly:\n  banner:\n    mode: 'OFF'\n  context:\n    start-timeout: 50ms\n    stop-timeout: 50ms\n"
# One bean for each step of the start at which the user's code runs.
CODE = (
    IMPORTS
    + """
from collections.abc import AsyncIterator
from tests.faults.journal import JOURNAL


class Ledger: ...


@configuration
class Beans:
    @bean
    async def ledger(self) -> AsyncIterator[Ledger]:
        await JOURNAL.reach("make", "ledger")
        JOURNAL.note("started", "ledger")
        yield Ledger()
        JOURNAL.note("stopped", "ledger")


@component
class Inspector:
    def before_init(self, bean: Any, bean_name: str) -> Any:
        JOURNAL.reach_now("inspect", bean_name)
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        return bean


@service
class Orders:
    def __init__(self, ledger: Ledger) -> None: ...

    @post_construct
    async def open(self) -> None:
        await JOURNAL.reach("open", "orders")
        JOURNAL.note("started", "orders")

    @pre_destroy
    def close(self) -> None:
        JOURNAL.note("stopped", "orders")

    @app_event_listener
    async def on_refreshed(self, event: ContextRefreshedEvent) -> None:
        await JOURNAL.reach("listen", "refreshed")

    @app_event_listener
    async def on_ready(self, event: ApplicationReadyEvent) -> None:
        await JOURNAL.reach("listen", "ready")


@service
class Worker:
    def __init__(self, orders: Orders) -> None: ...

    async def start(self) -> None:
        await JOURNAL.reach("start", "worker")
        JOURNAL.note("started", "worker")

    async def stop(self) -> None:
        JOURNAL.note("stopped", "worker")


@component
class Import(ApplicationRunner):
    async def run(self) -> None:
        await JOURNAL.reach("run", "import")
"""
)
EVERYTHING = [*ADAPTERS, "ledger", "orders", "worker"]
PLACES = {
    **{("create", name): [] for name in ADAPTERS},
    **{("start", name): ADAPTERS[:position] for position, name in enumerate(ADAPTERS)},
    ("make", "ledger"): ADAPTERS,
    ("inspect", "Orders"): [*ADAPTERS, "ledger"],
    ("open", "orders"): [*ADAPTERS, "ledger"],
    ("start", "worker"): [*ADAPTERS, "ledger", "orders"],
    ("listen", "refreshed"): EVERYTHING,
    ("run", "import"): EVERYTHING,
    ("listen", "ready"): EVERYTHING,
}
CAUSES = {"fail": RefusedError, "hang": TimeoutError, "cancel": asyncio.CancelledError}
LIMITED = {"start", "make", "open"}
CASES = [
    (place, name, act, expected)
    for (place, name), expected in PLACES.items()
    for act in ("fail", "hang", "cancel")
    if act == "fail"
    or (act == "hang" and place in LIMITED)
    or (act == "cancel" and place not in {"create", "inspect"})
]


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Written]:
    with written(tmp_path, CODE, CONFIG) as application:
        yield application


def assert_undone(expected: list[str]) -> None:
    assert JOURNAL.names("started") == expected
    assert JOURNAL.names("stopped") == expected[::-1]


@pytest.mark.parametrize(
    ("place", "name", "act", "expected"),
    CASES,
    ids=[f"{act}-in-{place}-of-{name}" for place, name, act, _ in CASES],
)
async def test_what_was_started_is_stopped_once_in_reverse(
    application: Written, place: str, name: str, act: str, expected: list[str], tally: Tally
) -> None:
    JOURNAL.arm(place, name, ACTS[act])
    app = application.build()
    with pytest.raises(BaseException) as failed:
        await app.startup()
    assert type(failed.value.__cause__ or failed.value) is CAUSES[act]
    assert_undone(expected)
    await app.shutdown()
    assert_undone(expected)
    tally(len(JOURNAL.lines), 1)


@pytest.mark.parametrize("name", [*ADAPTERS, "worker"])
async def test_a_start_that_is_cancelled_from_outside_is_undone(application: Written, name: str) -> None:
    reached = asyncio.Event()

    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    JOURNAL.arm("start", name, wait)
    starting = asyncio.create_task(application.build().startup())
    await reached.wait()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert_undone(PLACES["start", name])


@pytest.mark.parametrize("act", ["fail", "hang", "cancel"])
async def test_an_adapter_that_does_not_stop_costs_no_other_its_turn(application: Written, act: str) -> None:
    JOURNAL.arm("start", "adapter6", ACTS["fail"])
    for name in ("adapter0", "adapter3", "adapter5"):
        JOURNAL.arm("stop", name, ACTS[act])
    with pytest.raises(Exception, match="the other side refused"):
        await application.build().startup()
    assert_undone(ADAPTERS[:6])


async def test_a_module_that_cannot_be_imported_leaves_nothing_to_stop(tmp_path: Path) -> None:
    broken = written(tmp_path, CODE + "\nimport no_such_library\n", CONFIG)
    with broken as application, pytest.raises(ImportError, match="no_such_library"):
        application.build()
    assert JOURNAL.lines == []


PROCESS = """
import asyncio, sys
from tests.faults.applications import Written
from tests.faults.journal import JOURNAL

directory, module, place, name, slow = sys.argv[1:]
sys.path.insert(0, directory)

async def wait():
    print("reached", flush=True)
    await asyncio.Event().wait()

async def dawdle():
    print("stopping", flush=True)
    await asyncio.sleep(0.3)

args = ["--pyfly.context.start-timeout=60s", "--pyfly.context.stop-timeout=5s"]
JOURNAL.arm(place, name, wait)
JOURNAL.arm("stop", slow, dawdle)
if place == "nowhere":
    async def ready():
        print("ready", flush=True)
    JOURNAL.arm("listen", "ready", ready)
try:
    app = Written(__import__("pathlib").Path(directory), module).build(args)
    print("running", flush=True)
    app.run()
finally:
    print("started", *JOURNAL.names("started"), flush=True)
    print("stopped", *JOURNAL.names("stopped"), flush=True)
"""


class Process:
    """An application in a process of its own, which says where it stands."""

    def __init__(self, application: Written, place: str, name: str, slow: str = "") -> None:
        arguments = [str(application.directory), application.module, place, name, slow]
        self.popen = subprocess.Popen(
            [sys.executable, "-c", PROCESS, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYFLY_LOGGING_LEVEL_ROOT": "ERROR"},
        )

    def until(self, word: str) -> None:
        assert self.popen.stdout is not None
        while (line := self.popen.stdout.readline()) and line.strip() != word:
            pass

    def ended(self) -> tuple[int, list[str], list[str], str]:
        """Its exit code, what it started, what it stopped, and its complaints."""
        try:
            out, err = self.popen.communicate(timeout=STOP_LIMIT)
        finally:
            self.popen.kill()
            self.popen.communicate()
        lines = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line}
        return self.popen.returncode, lines.get("started", []), lines.get("stopped", []), err


SIGNALLED = [key for key in PLACES if key[0] not in {"create", "inspect"}]


@pytest.mark.parametrize(
    "batch", [SIGNALLED[:5], SIGNALLED[5:10], SIGNALLED[10:]], ids=["first", "middle", "last"]
)
def test_a_signal_while_starting_undoes_the_start(
    application: Written, batch: list[tuple[str, str]], tally: Tally
) -> None:
    running = [(Process(application, *key), PLACES[key]) for key in batch]
    outcomes = []
    for each, _ in running:
        each.until("reached")
        each.popen.send_signal(signal.SIGTERM)
        outcomes.append(each.ended())
    assert outcomes == [(0, expected, expected[::-1], "") for _, expected in running]
    tally(len(batch), len(batch))


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT], ids=str)
@pytest.mark.parametrize("place", [("listen", "ready"), ("nowhere", "")], ids=["starting", "running"])
def test_a_second_signal_while_stopping_changes_nothing(
    application: Written, place: tuple[str, str], second: signal.Signals
) -> None:
    each = Process(application, *place, slow="adapter7")
    if place[0] == "listen":
        each.until("reached")
    else:
        each.until("ready")
    each.popen.send_signal(signal.SIGTERM)
    each.until("stopping")
    each.popen.send_signal(second)
    assert each.ended() == (0, EVERYTHING, EVERYTHING[::-1], "")


@pytest.mark.nightly
@pytest.mark.timeout(300)
def test_a_signal_at_any_moment_undoes_the_start(application: Written, tally: Tally) -> None:
    moments = random.Random(6)
    for _ in range(50):
        each = Process(application, "nowhere", "")
        each.until("running")
        with contextlib.suppress(subprocess.TimeoutExpired):
            each.popen.wait(moments.uniform(0.0, 0.1))
        each.popen.send_signal(signal.SIGTERM)
        _, started, stopped, _ = each.ended()
        assert stopped == started[::-1]
    tally(50, 50)
