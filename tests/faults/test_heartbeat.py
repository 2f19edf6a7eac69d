"""T43: whatever the framework does for a request, it does not keep the loop from others."""

import asyncio
from pathlib import Path

import pytest

from tests.faults import features_app
from tests.faults.conftest import Tally
from tests.faults.features_app import ROWS
from tests.faults.serving import Server, served

pytestmark = pytest.mark.timed

RATE = 50
P99, MOST = 20.0, 100.0
CONFIG = """
pyfly:
  web:
    compression:
      enabled: true
    etag:
      enabled: true
    cors:
      enabled: true
      allowed-origins: ["https://a.example"]
    static:
      - path: /assets
        directory: {folder}
"""
BODY = b"[" + b",".join(row.model_dump_json().encode() for row in ROWS) + b"]"
PACKED = ("Accept-Encoding: gzip, br, zstd",)
FEATURES: dict[str, tuple[str, tuple[str, ...], bytes, int]] = {
    "sync handler": ("GET /waiting", (), b"", 200),
    "large answer": ("GET /rows", (), b"", 200),
    "large answer, compressed": ("GET /rows", PACKED, b"", 200),
    "large body": ("POST /rows", (), BODY, 200),
    "error with a traceback": ("GET /failing", (), b"", 500),
    "JSON Lines": ("GET /lines", (), b"", 200),
    "events, compressed": ("GET /events", PACKED, b"", 200),
    "static file": ("GET /assets/large.bin", (), b"", 200),
    "static file, compressed": ("GET /assets/large.txt", PACKED, b"", 200),
    "document": ("GET /openapi.json", (), b"", 200),
    "page": ("GET /docs", (), b"", 200),
    "preflight": (
        "OPTIONS /rows",
        ("Origin: https://a.example", "Access-Control-Request-Method: GET"),
        b"",
        200,
    ),
}
FAULT: dict[str, tuple[str, tuple[str, ...], bytes, int]] = {
    "a handler's own fault": ("GET /blocking", (), b"", 200)
}
"""Shows that a loop which stands still does not go unnoticed."""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "large.bin").write_bytes(bytes(range(256)) * 2048)
    (folder / "large.txt").write_text("some text, " * 40_000, encoding="ascii")
    file = tmp_path / "pyfly.yaml"
    file.write_text(CONFIG.format(folder=folder), encoding="utf-8")
    return file


@pytest.mark.timeout(60)
async def test_no_feature_keeps_the_loop_from_others(config: Path, tally: Tally) -> None:
    await beat(config, each=20, tally=tally)


@pytest.mark.nightly
@pytest.mark.timeout(600)
async def test_no_feature_keeps_the_loop_from_others_for_long(config: Path, tally: Tally) -> None:
    await beat(config, each=500, tally=tally)


async def beat(config: Path, *, each: int, tally: Tally) -> None:
    """Ask for one feature after the other, at a fixed rate, and see how late the loop was meanwhile."""
    async with served(features_app.__name__, config=config) as server:
        for name in (*FEATURES, *FAULT):  # what is compiled or built once is not what this is about
            await _ask(server, name)
        late = {}
        for name in FEATURES:
            found = await _measured(server, name, each)
            if found["lag_p99"] > P99 or found["lag_max"] > MOST:
                late[name] = (found["lag_p99"], found["lag_max"])
        assert late == {}
        assert (await _measured(server, "a handler's own fault", 1))["lag_max"] > MOST
    tally(each * len(FEATURES), len(FEATURES))


async def _measured(server: Server, name: str, each: int) -> dict[str, float]:
    await server.reset()
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with asyncio.TaskGroup() as asking:
        for number in range(each):
            await asyncio.sleep(start + number / RATE - loop.time())
            asking.create_task(_ask(server, name))
    return await server.probe()


async def _ask(server: Server, name: str) -> None:
    request, headers, body, expected = {**FEATURES, **FAULT}[name]
    lines = [
        f"{request} HTTP/1.1",
        "Host: x",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    status, _ = await server.exchange(["\r\n".join([*lines, "", ""]).encode() + body])
    assert status == expected, (name, status)
