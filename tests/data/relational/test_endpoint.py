import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from pyfly.core import PyFlyApplication
from pyfly.data import DataSource, PoolExhaustedError
from tests.faults.pairs_app import PairsApplication


def application(folder: Path, **settings: str) -> PyFlyApplication:
    values = {
        "data.url": f"sqlite:///{folder}/pairs.db",
        "data.schema": "create",
        "data.pool.max-size": "2",
        "data.pool.acquire-timeout": "100ms",
        "data.datasources.archive.url": f"sqlite:///{folder}/archive.db",
        "actuator.expose": "health,datasources",
        "banner.mode": "OFF",
        **{name.replace("_", "."): value for name, value in settings.items()},
    }
    arguments = [f"--pyfly.{name}={value}" for name, value in values.items()]
    return PyFlyApplication(PairsApplication, folder, args=arguments)


async def told(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/actuator/datasources")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()["datasources"]
    return found


async def test_the_actuator_shows_connections_and_statements_of_each_data_source(tmp_path: Path) -> None:
    app = application(tmp_path, data_hooks_statistics_enabled="true")
    async with app:
        transport = httpx.ASGITransport(app.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            before = (await told(client))["default"]["statements"]["count"]
            assert (await client.put("/pairs/1", params={"value": 7})).status_code == 204
            assert (await client.get("/pairs/1")).json() == {"values": [7, 7]}
            after = await told(client)
    assert set(after) == {"default", "archive"}
    counted = after["default"]["statements"]
    assert counted["count"] >= before + 4
    assert sum(counted["latencies"].values()) == counted["count"]
    assert (counted["errors"], counted["retries"]) == (0, 0)
    assert after["default"]["pool"]["in_use"] == 0
    assert after["default"]["pool"]["max_size"] == 2


async def test_who_waits_for_a_connection_is_counted_without_any_hook(tmp_path: Path) -> None:
    app = application(tmp_path)
    async with app:
        source = app.context.get_bean(DataSource)
        async with source.engine.connect(), source.engine.connect():
            waiting = asyncio.ensure_future(source.engine.connect())
            while source.statistics().waiting == 0:  # noqa: ASYNC110  # nobody tells of it
                await asyncio.sleep(0)
            now = source.statistics()
            assert (now.in_use, now.idle, now.waiting) == (2, 0, 1)
            with pytest.raises(PoolExhaustedError):
                _ = await waiting
        transport = httpx.ASGITransport(app.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            shown = (await told(client))["default"]
    assert shown == {"pool": {"in_use": 0, "idle": 2, "waiting": 0, "max_size": 2, "exhausted": 1}}
