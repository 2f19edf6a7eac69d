import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.util import await_only

from pyfly.data import PoolExhaustedError
from pyfly.data.relational.properties import Mode, PoolProperties
from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.kernel.exceptions import ServiceUnavailableException

PATIENT = PoolProperties(max_size=1, acquire_timeout=timedelta(minutes=2))
SMALL = PoolProperties(max_size=1, acquire_timeout=timedelta(milliseconds=20))


async def test_an_exhausted_pool_says_who_has_its_connections(tmp_path: Path) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=SMALL)
    async with source.engine.connect():
        with pytest.raises(PoolExhaustedError, match=r"'default' was free within 0\.02 s") as raised:
            async with source.engine.connect():
                pass
    assert isinstance(raised.value, ServiceUnavailableException)
    assert "test_pools.py" in raised.value.holders[0]
    assert "test_pools.py" in raised.value.__notes__[0]
    await source.stop()


async def test_an_exhausted_pool_of_plain_code_does_so_too(tmp_path: Path) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=SMALL)
    with source.sync_engine.connect(), pytest.raises(PoolExhaustedError):
        source.sync_engine.connect()
    assert len(source.holders) == 0
    await source.stop()


@pytest.mark.parametrize("mode", [Mode.ASYNC, Mode.SYNC, Mode.BOTH])
async def test_the_first_connections_are_opened_at_the_start(tmp_path: Path, mode: Mode) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=PoolProperties(min_size=3, max_size=5), mode=mode)
    await source.start()
    engines = {Mode.ASYNC: [source.engine.sync_engine], Mode.SYNC: [source.sync_engine]}
    for engine in engines.get(mode, [source.engine.sync_engine, source.sync_engine]):
        assert engine.pool.checkedin() == 3  # type: ignore[attr-defined]  # what pools with a queue have
    await source.stop()


async def test_who_was_told_that_there_is_a_connection_and_came_too_late_is_told_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=SMALL)
    with source.sync_engine.connect(), monkeypatch.context() as outdated:
        outdated.setattr(type(source.sync_engine.pool), "checkedout", lambda _pool: 0)
        with pytest.raises(PoolExhaustedError):
            source.sync_engine.connect()
    assert source.statistics().exhausted == 1
    await source.stop()


class Reluctant:
    """Lets the first connection wait until it is told to go on, and then fail."""

    def __init__(self, source: DataSource) -> None:
        self.is_first = True
        self.is_connecting, self.goes_on = asyncio.Event(), asyncio.Event()
        source.on_engine(self.listen)

    def listen(self, engine: Engine, _source: DataSource) -> None:
        event.listen(engine, "do_connect", self.connect)

    def connect(self, *_arguments: Any) -> None:
        if self.is_first:
            self.is_first = False
            self.is_connecting.set()
            await_only(self.goes_on.wait())
            raise OSError("refused")


@pytest.mark.parametrize("is_cancelled", [True, False], ids=["cancelled", "refused"])
async def test_when_a_connection_cannot_be_opened_the_next_who_waits_opens_one(
    tmp_path: Path, is_cancelled: bool
) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=PATIENT)
    reluctant = Reluctant(source)

    async def use() -> int:
        async with source.engine.connect():
            return source.statistics().in_use

    async with asyncio.timeout(10):
        first = asyncio.create_task(use())
        await reluctant.is_connecting.wait()
        others = [asyncio.create_task(use()) for _ in range(2)]
        while source.statistics().waiting < 2:  # noqa: ASYNC110  # a number has no event to wait for
            await asyncio.sleep(0)
        if is_cancelled:
            first.cancel()
        reluctant.goes_on.set()
        with pytest.raises((OSError, asyncio.CancelledError)):
            await first
        assert await asyncio.gather(*others) == [1, 1]
    found = source.statistics()
    assert (found.in_use, found.idle, found.waiting, found.exhausted) == (0, 1, 0, 0)
    await source.stop()


async def test_threads_that_wait_open_a_connection_in_place_of_one_that_was_refused(tmp_path: Path) -> None:
    source = DataSource(f"sqlite:///{tmp_path}/a.db", pool=PATIENT)
    is_connecting, goes_on = threading.Event(), threading.Event()

    def refuse_the_first(*_arguments: Any) -> None:
        if not is_connecting.is_set():
            is_connecting.set()
            goes_on.wait(10)
            raise OSError("refused")

    source.on_engine(lambda engine, _source: event.listen(engine, "do_connect", refuse_the_first))

    def use() -> int:
        with source.sync_engine.connect():
            return source.statistics().in_use

    def race() -> tuple[object, int]:
        with ThreadPoolExecutor() as threads:
            first = threads.submit(use)
            is_connecting.wait(10)
            second = threads.submit(use)
            while source.statistics().waiting < 1:
                pass
            goes_on.set()
            return type(first.exception(10)), second.result(10)

    assert await asyncio.to_thread(race) == (OSError, 1)
    assert source.statistics().idle == 1
    await source.stop()
