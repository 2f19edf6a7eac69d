"""Applications served by a process of their own, which faults may hit over real sockets."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pyfly.core import PyFlyApplication, pyfly_application
from tests.faults.probe import peak_mib
from tests.servers.process import free_port

ROOT = Path(__file__).parents[2]
NOTHING = Path(__file__).parent / "serving.yaml"
_QUIET = ("--pyfly.banner.mode=OFF", "--pyfly.logging.level.root=ERROR", "--pyfly.web.host=127.0.0.1")


class Server:
    """A served application."""

    def __init__(self, port: int, pid: int) -> None:
        self.port = port
        self.pid = pid

    @property
    def peak(self) -> float:
        """The largest resident size of the process so far, in MiB."""
        return peak_mib(self.pid)

    async def probe(self) -> dict[str, float]:
        """Return what the server says about itself."""
        _, body = await self.exchange([b"GET /probe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
        found: dict[str, float] = json.loads(body)
        return found

    async def reset(self) -> None:
        """Let the heartbeat begin anew."""
        await self.exchange(
            [b"POST /probe HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"]
        )

    async def exchange(self, pieces: Iterable[bytes], *, patience: float = 20) -> tuple[int, bytes]:
        """Send *pieces* until there is an answer; return its status, or 0 for none, and its body."""
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            sending = asyncio.create_task(_send(writer, pieces))
            try:
                return await _answer(reader)
            finally:
                sending.cancel()
                await asyncio.wait([sending])
                writer.close()
                with suppress(ConnectionError):
                    await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, pieces: Iterable[bytes]) -> None:
    with suppress(ConnectionError):  # the server may have said all it wants to say
        for piece in pieces:
            writer.write(piece)
            await writer.drain()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return 0, b""
    status = int(head.split(b" ", 2)[1])
    lengths = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        return status, await (reader.readexactly(int(lengths[0])) if lengths else reader.read())
    return status, b""


@asynccontextmanager
async def served(module: str, *settings: str, config: Path = NOTHING) -> AsyncIterator[Server]:
    """Serve the controllers of *module*, and the probe, for as long as the context lasts."""
    port = free_port()
    arguments = [module, str(config), *_QUIET, f"--pyfly.web.port={port}", *settings]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, *arguments, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await _listening(port, process)
        yield Server(port, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(20):
        while True:
            if process.returncode is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            await writer.wait_closed()
            return


def main(module: str, config: str, *settings: str) -> None:
    """Serve *module* until told to stop."""
    mark = pyfly_application(name="under-fault", scan_packages=["tests.faults.probe", module])
    PyFlyApplication(mark(type("UnderFault", (), {})), config, settings).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
