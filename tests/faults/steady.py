"""Good requests at a fixed rate, sent by a process of their own, and what they took.

They are sent whether those before them have been answered or not. What the threads of client and server waited for a
processor is left out: that is the machine's doing.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from tests.faults.processors import take_precedence
from tests.faults.waiting import Waiting

ROOT = Path(__file__).parents[2]
PATIENCE = 10


class Good(NamedTuple):
    """One good request: when it was sent, by the monotonic clock, what it took, and what was wrong with it."""

    sent: float
    took: float
    wrong: str


class Steady:
    """What has been sent; complete once the requests have ended."""

    def __init__(self) -> None:
        self.requests: list[Good] = []

    def between(self, start: float, end: float) -> list[Good]:
        """Return those that were sent then."""
        return [each for each in self.requests if start <= each.sent < end]


def p99(requests: Sequence[Good]) -> float:
    """Return what the slowest but one in a hundred took."""
    return sorted(each.took for each in requests)[int(len(requests) * 0.99)]


@asynccontextmanager
async def steadily(port: int, server: int, path: str, *, rate: int) -> AsyncIterator[Steady]:
    """Send *rate* requests a second for *path* to the process *server* until the context ends."""
    sent = Steady()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, str(port), str(server), path, str(rate)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        yield sent
        output, _ = await process.communicate(b"end\n")
        sent.requests += [Good(*each) for each in json.loads(output)]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def send(port: int, server: int, path: str, rate: int) -> list[Good]:
    """Send requests until there is something to read from the standard input."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    loop.add_reader(sys.stdin, told.set)
    waiting = Waiting(server)
    due, tasks = time.monotonic(), list[asyncio.Task[Good]]()
    while not told.is_set():
        tasks.append(asyncio.create_task(_one(port, path, waiting)))
        due += 1 / rate
        await asyncio.sleep(max(0, due - time.monotonic()))
    return await asyncio.gather(*tasks)


async def _one(port: int, path: str, waiting: Waiting) -> Good:
    sent, before = time.monotonic(), waiting.seconds()
    answer = b""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
    except OSError as error:
        answer = repr(error).encode()
    took = time.monotonic() - sent - (waiting.seconds() - before)
    return Good(sent, max(0.0, took), "" if answer.startswith(b"HTTP/1.1 200 ") else repr(answer[:100]))


def main(port: str, server: str, path: str, rate: str) -> None:
    """Send requests and print what they took."""
    take_precedence(processor=1)
    sys.stdout.write("\n")
    sys.stdout.flush()
    json.dump(asyncio.run(send(int(port), int(server), path, int(rate))), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
