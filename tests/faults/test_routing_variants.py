"""Row T08: variants of path, method, host and encoding over real sockets, against a model of the routing rules."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from pyfly.container.container import Container
from pyfly.core.config import Config
from pyfly.web import WebApplication, WebProperties
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.adapters.uvicorn.server import UvicornServer
from pyfly.web.assembly import Options, assemble
from tests.faults.conftest import Tally
from tests.faults.routing_app import ROUTES, Routes
from tests.faults.routing_model import TRUSTED, Outcome, expected

CONNECTIONS = 8
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
PARTS = (
    "items", "Items", "item%73", "search", "new", "tags", "files", "read", "slash", "admin", "Admin", "secret",
    "prices", "own", "1", "-7", "007", "1.5", "1e5", "9b2b38b7-66c0-4bd1-b8d5-4df8e4a1b5a1", "", "", ".", "..",
    "%2e", "%2E%2e", "%2f", "%2F", "a%2fb", "%5c", "\\", "%00", "%0a", "%0d%0aX:1", "%7f", "%20", "+", "%c3%a9",
    "%ff", "%c3", "%e2%80%ae", ";x=1", "admin;x", "%25", "%252f", "%", "%zz", "~", "!$&'()*,=:@", "*", "x" * 40,
)  # fmt: skip
HOSTS: tuple[Sequence[bytes], ...] = (
    [b"shop.example"], [b"SHOP.EXAMPLE"], [b"shop.example:80"], [b"a.cdn.example"], [b"a.b.cdn.example:1"],
    [b"cdn.example"], [b"evil.example"], [b"shop.example.evil"], [b"evil@shop.example"], [b"shop.example:x"],
    [b""], [], [b"shop.example", b"evil.example"], [b"shop.example", b"shop.example"], [b"shop.example, evil"],
    [b"[::1]"], [b"xcdn.example"],
)  # fmt: skip


class Variant:
    def __init__(self, dice: random.Random) -> None:
        self.method = dice.choice(METHODS) if dice.random() < 0.5 else "GET"
        self.target = _target(dice)
        self.hosts = list(dice.choice(HOSTS)) if dice.random() < 0.15 else [b"shop.example"]
        if dice.random() < 0.1:
            self.target += dice.choice([b"?", b"?a=%2f", b"?/admin/secret", b"??", b"?" + b"q" * 8200])

    def request(self) -> bytes:
        lines = [b"%s %s HTTP/1.1" % (self.method.encode(), self.target)]
        lines += [b"Host: " + host for host in self.hosts]
        return b"\r\n".join([*lines, b"Content-Length: 0", b"", b""])


def _target(dice: random.Random) -> bytes:
    if dice.random() < 0.4:
        segments = [dice.choice(PARTS) for _ in range(dice.randint(1, 5))]
    else:
        template = dice.choice(ROUTES)[1].split("/")[1:]
        segments = [dice.choice(PARTS) if "{" in item or dice.random() < 0.1 else item for item in template]
        if dice.random() < 0.2:
            segments.insert(dice.randint(0, len(segments)), dice.choice(PARTS))
    return "/".join(["", *segments]).encode()


@asynccontextmanager
async def server() -> AsyncIterator[int]:
    config = Config({"pyfly": {"web": {"trusted-hosts": list(TRUSTED), "host": "127.0.0.1", "port": 0}}})
    properties = config.bind(WebProperties)
    container = Container()
    container.register(Routes)
    options = Options(technology=STARLETTE, docs_enabled=False, config=config)
    app = WebApplication(lambda _: assemble(container, properties, options))
    started: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(UvicornServer(properties).serve(app, started=started.set_result))
    try:
        yield int((await started).rpartition(":")[2])
    finally:
        serving.cancel()
        await asyncio.wait([serving])


async def differences(port: int, variants: Sequence[Variant]) -> list[str]:
    """Send *variants* one after the other over one connection; return where the answers are wrong."""
    wrong = []
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for variant in variants:
            writer.write(variant.request())
            found, location = await _answer(reader, variant.method)
            wanted = expected(variant.method, variant.target, variant.hosts)
            if variant.method == "HEAD":  # its answer has no body, where the values are
                wanted = wanted._replace(values=())
            if found != wanted or (found.status == 308 and not _stays_here(location)):
                wrong.append(f"{variant.request()!r}: {found} {location}, not {wanted}")
    finally:
        writer.close()
        await writer.wait_closed()
    return wrong


async def _answer(reader: asyncio.StreamReader, method: str) -> tuple[Outcome, str]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    status = int(head[0].split(" ")[1])
    route = next((line[9:] for line in head if line.startswith("x-route: ")), "")
    length = 0 if method == "HEAD" or status == 204 else int(headers["content-length"])
    body = await reader.readexactly(length)
    values = tuple(json.loads(body)) if status == 200 and body else ()
    allow = frozenset(headers["allow"].upper().split(", ")) if status in (204, 405) else frozenset()
    assert "x-transaction-id" in headers
    return Outcome(status, route, values, allow), headers.get("location", "")


def _stays_here(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\", "/%5c"))


async def compared(count: int, seed: int, tally: Tally) -> None:
    dice = random.Random(seed)
    variants = [Variant(dice) for _ in range(count)]
    async with server() as port:
        groups = [variants[start::CONNECTIONS] for start in range(CONNECTIONS)]
        found = await asyncio.gather(*(differences(port, group) for group in groups))
    wrong = [line for lines in found for line in lines]
    tally(count, len(wrong))
    assert wrong[:5] == []


async def test_every_variant_is_routed_as_the_rules_say(tally: Tally) -> None:
    await compared(20_000, 8, tally)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(10))
async def test_many_more_variants_are_routed_as_the_rules_say(seed: int, tally: Tally) -> None:
    await compared(50_000, 800 + seed, tally)


@pytest.mark.parametrize(
    "request_line",
    [
        b"get / HTTP/1.1", b"BREW / HTTP/1.1", b"GET / HTTP/9.9", b"GET /\x00 HTTP/1.1", b"GET /a b HTTP/1.1",
        b"GET", b"\x16\x03\x01", b"GET /\r HTTP/1.1",
    ],
)  # fmt: skip
async def test_what_is_no_http_is_refused_and_the_connection_closed(request_line: bytes) -> None:
    async with server() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_line + b"\r\nHost: shop.example\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
