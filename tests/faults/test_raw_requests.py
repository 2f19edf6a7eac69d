"""T58: whatever bytes arrive, no request is seen that an honest reading does not find, by any server."""

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from pyfly.container import order, rest_controller, service
from pyfly.web import CallNext, PathVar, get_mapping, post_mapping
from tests.faults.conftest import Tally
from tests.faults.raw_requests import Raw, corpus
from tests.web.served import served

ALL = list(corpus())
SERVERS = ("uvicorn", "granian")


@service
class Seen:
    """What the application saw: in a filter, and in handlers."""

    def __init__(self) -> None:
        self.filtered: list[str] = []
        self.handled: list[str] = []


@service
@order(1)
class Eye:
    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        if response.status_code == 200:
            self.seen.filtered.append(request.url.path)
        return response

    def should_not_filter(self, request: Any) -> bool:
        return False


@rest_controller
class Handlers:
    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    @get_mapping("/seen/{number}")
    async def get(self, number: PathVar[int]) -> str:
        self.seen.handled.append(f"/seen/{number}")
        return "seen"

    @post_mapping("/seen/{number}")
    async def post(self, number: PathVar[int]) -> str:
        return await self.get(number)

    @get_mapping("/hidden/{number}")
    async def hidden(self, number: PathVar[int]) -> str:
        self.seen.handled.append(f"/hidden/{number}")
        return "hidden"


async def send(where: Any, raw: Raw) -> bytes:
    """Send the bytes and return what comes back, until the server closes or has been silent for a while."""
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    answer = b""
    with suppress(OSError, TimeoutError):
        writer.write(raw.data)
        async with asyncio.timeout(0.4):
            while part := await reader.read(65536):
                answer += part
    writer.close()
    return answer


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.nightly)], ids=["gate", "nightly"])
async def test_no_request_hides_in_another(server: str, step: int, tally: Tally) -> None:
    chosen = [(number, raw) for number, raw in enumerate(ALL) if number % step == 0]
    quiet = {"access_log__enabled": False, "server": server, "shutdown_timeout": "500ms"}
    async with served(Seen, Eye, Handlers, **quiet) as app:
        seen, where = app.context.get_bean(Seen), urlsplit(app.url)
        limit = asyncio.Semaphore(20)

        async def one(number: int, raw: Raw) -> tuple[int, Raw, bytes]:
            async with limit:
                return number, raw, await send(where, raw)

        answers = await asyncio.gather(*(one(number, raw) for number, raw in chosen))
    wrong = [
        f"{raw.name}: {answer[:60]!r}"
        for number, raw, answer in answers
        if f"/hidden/{number}" in seen.handled
        or not _fits(raw, seen.handled.count(f"/seen/{number}"))
        or b" 500 " in answer.partition(b"\r\n")[0]
    ]
    assert not wrong, "\n".join(wrong)
    assert sorted(seen.filtered) == sorted(seen.handled)
    tally(len(chosen), len([raw for _, raw in chosen if raw.exactly is None]))


def _fits(raw: Raw, count: int) -> bool:
    return count <= 1 if raw.exactly is None else count == raw.exactly


def test_the_corpus_is_large_enough() -> None:
    assert len(ALL) >= 1000
