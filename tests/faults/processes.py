"""Applications in processes of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def running(
    module: str, port: int, settings: Mapping[str, str], path: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run *module* on *port* with *settings* of ``pyfly.web``, once it answers requests for *path*."""
    values = {"host": "127.0.0.1", "port": port, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *(f"--pyfly.web.{key}={value}" for key, value in values.items()),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(20):
            await _answering(port, path)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _answering(port: int, path: str) -> None:
    while True:
        # A socket that workers share listens before any of them serves.
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            writer.close()
            return
        await asyncio.sleep(0.02)
