"""Uploads over real sockets: limits, and clients that go away."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import httpx
import pytest

from pyfly.container import rest_controller
from pyfly.web import BackgroundTasks, Form, UploadedFile, post_mapping
from tests.web.served import Served, eventually, served

ended: list[str] = []


async def _remember(name: str) -> None:
    ended.append(name)


@rest_controller
class Uploads:
    @post_mapping("/uploads")
    async def upload(self, file: UploadedFile, tasks: BackgroundTasks, title: Form[str] = "") -> int:
        tasks.add(_remember, title)
        return sum([len(chunk) async for chunk in file.chunks()])

    @post_mapping("/sync")
    def sync(self, file: UploadedFile) -> int:
        return len(file.file.read())


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Served]:
    ended.clear()
    async with served(Uploads, multipart__directory=str(tmp_path), multipart__spool_size="16KB") as found:
        yield found


def _open_files(folder: Path) -> list[str]:
    """Return the files in *folder* that this process holds open, those without a name included."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(link.readlink()))
    return [target for target in found if target.startswith(str(folder))]


@pytest.mark.parametrize("path", ["/uploads", "/sync"])
async def test_files_arrive_whole_and_leave_nothing(running: Served, tmp_path: Path, path: str) -> None:
    async with httpx.AsyncClient(base_url=running.url) as client:
        sizes = [0, 1, 16 * 1024, 16 * 1024 + 1, 1024 * 1024]
        answers = [await client.post(path, files={"file": ("a", b"x" * size)}) for size in sizes]
    assert [answer.json() for answer in answers] == sizes
    with TemporaryFile(dir=tmp_path):
        assert len(_open_files(tmp_path)) == 1
    assert _open_files(tmp_path) == []


async def test_what_is_left_to_be_done_is_done_after_the_response(running: Served) -> None:
    async with httpx.AsyncClient(base_url=running.url) as client:
        await client.post("/uploads", files={"file": ("a", b"x")}, data={"title": "one"})
    await eventually(lambda: ended == ["one"])


async def test_a_length_that_is_too_great_is_refused_before_anything_is_sent(running: Served) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /uploads HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    writer.write((head + "Content-Length: 1073741824\r\n\r\n").encode())
    async with asyncio.timeout(5):
        assert b" 413 " in await reader.readline()
    writer.close()


@pytest.mark.parametrize("seed", range(4))
async def test_clients_that_go_away_while_they_send_leave_no_file(
    running: Served, tmp_path: Path, seed: int
) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    chance = random.Random(seed)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + b"y" * 200_000
    head = f"POST /uploads HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    request = (head + f"Content-Length: {len(body) + 9}\r\n\r\n").encode() + body
    for _ in range(10):
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(request[: chance.randrange(1, len(request))])
        await writer.drain()
        if chance.random() < 0.5:
            writer.transport.abort()
        else:
            writer.close()
    async with httpx.AsyncClient(base_url=running.url) as client:
        assert (await client.post("/uploads", files={"file": ("a", b"x")})).json() == 1
    await eventually(lambda: _open_files(tmp_path) == [])
