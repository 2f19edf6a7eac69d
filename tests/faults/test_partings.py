"""T44: whenever a client goes away, whatever served it ends: no task, socket or generator stays, every `finally` runs."""

import asyncio
import json
import socket
import struct
from contextlib import suppress
from random import Random

import pytest

from tests.faults import parting_app
from tests.faults.conftest import Tally
from tests.faults.serving import Server, served

pytestmark = pytest.mark.timed

PATIENCE = 10.0
STREAMS = ("/events", "/lines", "/bytes", "/slow")
UPLOADS = ("/whole", "/parts", "/files", "/talk")
SIZE = 400_000
HOLDINGS = ("tasks", "files", "generators")

FILE = b'--B\r\nContent-Disposition: form-data; name="document"; filename="f"\r\n\r\n'
UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg=="
)
FRAME = b"\x81\x85\0\0\0\0hello"
"""A text message of five letters, masked with nothing."""


@pytest.mark.timeout(60)
async def test_nothing_stays_of_clients_that_have_gone(tally: Tally) -> None:
    await part(clients=600, at_once=60, tally=tally)


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_nothing_stays_of_10_000_clients_that_have_gone(tally: Tally) -> None:
    await part(clients=10_000, at_once=200, tally=tally)


async def part(*, clients: int, at_once: int, tally: Tally) -> None:
    """Let *clients* come and go in the middle of something, then look for what they have left behind."""
    async with served(parting_app.__name__) as server:
        for number in range(3 * len(STREAMS + UPLOADS)):
            await Client(Random(number), server.port).come_and_go()
        before = await _settled(server, {})
        room = asyncio.Semaphore(at_once)
        async with asyncio.TaskGroup() as group:
            for number in range(clients):
                await room.acquire()
                client = Client(Random(1000 + number), server.port)
                group.create_task(client.come_and_go()).add_done_callback(lambda _: room.release())
        after = await _settled(server, before)
        entered, left = [await _turnstile(server, kind) for kind in ("entered", "left")]
        assert entered == left
        assert set(entered) == {"session", "goodbye", *(path[1:] for path in STREAMS + UPLOADS)}
        assert {name: after[name] for name in HOLDINGS} == {name: before[name] for name in HOLDINGS}
        tally(clients, clients)


class Client:
    """Somebody who sends part of a request, reads part of the answer, and hangs up, politely or not."""

    def __init__(self, random: Random, port: int) -> None:
        self._random = random
        self._port = port

    async def come_and_go(self) -> None:
        with suppress(ConnectionError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            try:
                await self._talk(reader, writer)
            finally:
                if self._random.random() < 0.5:
                    _reset_on_close(writer)
                writer.close()
                await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = self._random.choice(STREAMS + UPLOADS)
        request = _request(path)
        if self._random.random() < (0.7 if path in UPLOADS else 0.1):
            cut = self._random.randrange(len(request))
            while request[:cut]:
                piece = self._random.randrange(1, 40_000)
                writer.write(request[: min(cut, piece)])
                request, cut = request[piece:], cut - min(cut, piece)
                await writer.drain()
            return
        writer.write(request)
        await writer.drain()
        wanted = self._random.choice((0, 1, 100, 1000, 100_000, 500_000))
        async with asyncio.timeout(PATIENCE):
            while wanted > 0 and (received := await reader.read(min(wanted, 65536))):
                wanted -= len(received)
                if path in ("/slow", *UPLOADS) or (path == "/events" and wanted > 1000):
                    return


def _request(path: str) -> bytes:
    if path == "/talk":
        return f"GET {path} HTTP/1.1\r\nHost: x\r\n{UPGRADE}\r\n\r\n".encode() + FRAME * 200
    if path in UPLOADS:
        kind = "multipart/form-data; boundary=B" if path == "/files" else "x/y"
        body = FILE + b"x" * SIZE + b"\r\n--B--\r\n"
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _settled(server: Server, before: dict[str, float]) -> dict[str, float]:
    """Return what the server holds once that is no more than *before*, or has not changed for a while."""
    same, found = 0, await server.probe()
    async with asyncio.timeout(PATIENCE):
        while same < 8 and not (before and all(found[name] <= before[name] for name in HOLDINGS)):
            await asyncio.sleep(0.05)
            found, last = await server.probe(), found
            same = same + 1 if all(found[name] == last[name] for name in HOLDINGS) else 0
    return found


async def _turnstile(server: Server, kind: str) -> dict[str, int]:
    head = f"GET /turnstile/{kind} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    _, body = await server.exchange([head.encode()])
    found: dict[str, int] = json.loads(body)
    return found
