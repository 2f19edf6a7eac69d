from datetime import timedelta
from pathlib import Path

import pytest

from pyfly.data import PoolExhaustedError
from pyfly.data.relational.properties import Mode, PoolProperties
from pyfly.data.relational.sqlalchemy import DataSource
from pyfly.kernel.exceptions import ServiceUnavailableException

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
