"""T20, T57: bodies and headers that are too large, too deep or packed are refused without cost to others."""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import NamedTuple
from zlib import compress

import pytest

from tests.faults import bodies_app
from tests.faults.conftest import Tally
from tests.faults.processors import take_precedence
from tests.faults.serving import Server, served
from tests.faults.steady import p99, steadily

pytestmark = pytest.mark.timed

RSS_LIMIT = 50.0
LAG_LIMIT = 50.0
MIB = 1024 * 1024
RATE = 100
"""Good requests a second."""
IDLE = 2.0
PAUSE = 0.1
"""Seconds between two bombs."""
ROUNDS = 3

Pieces = Callable[[int], Iterator[bytes]]
"""The request, given how many MiB an endless one may have."""


class Bomb(NamedTuple):
    """A request, and the statuses that refuse it; 0 is a closed connection without a word."""

    name: str
    pieces: Pieces
    refused: frozenset[int]


def _head(path: str, *headers: str, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _sized(path: str, kind: str, body: bytes, *headers: str) -> Pieces:
    def pieces(_mib: int) -> Iterator[bytes]:
        yield _head(path, f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers)
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    return pieces


def _announced(path: str, kind: str) -> Pieces:
    def pieces(mib: int) -> Iterator[bytes]:
        yield _head(path, f"Content-Type: {kind}", f"Content-Length: {mib * MIB}")
        yield from (b"x" * 65536 for _ in range(mib * 16))

    return pieces


def _chunked(path: str, kind: str) -> Pieces:
    def pieces(mib: int) -> Iterator[bytes]:
        yield _head(path, f"Content-Type: {kind}", "Transfer-Encoding: chunked")
        yield from (b"10000\r\n" + b"[" * 65536 + b"\r\n" for _ in range(mib * 16))
        yield b"0\r\n\r\n"

    return pieces


def _endless(start: bytes, more: bytes) -> Pieces:
    def pieces(mib: int) -> Iterator[bytes]:
        yield start
        packet = more * (65536 // len(more))
        yield from (packet for _ in range(mib * 16))

    return pieces


def _once(request: bytes) -> Pieces:
    return lambda _mib: (request[start : start + 65536] for start in range(0, len(request), 65536))


def _part(name: str, content: bytes) -> bytes:
    return b'--B\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), content)


JSON = "application/json"
PATHS = (("/model", JSON), ("/anything", JSON), ("/raw", "x/y"), ("/text", "text/plain"), ("/stream", "x/y"))
# The answer may be lost on a client that goes on sending: then all it sees is that the connection has ended.
TOO_LARGE = frozenset({413, 0})
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=B"
ENDLESS_FILE = b'--B\r\nContent-Disposition: form-data; name="document"; filename="f"\r\n\r\n'
NO_FILE = b'--B\r\nContent-Disposition: form-data; name="a"; filename=""\r\n\r\n\r\n'
INVALID = frozenset({400, 422})
PACKED = b"x" * MIB
HEADERS = frozenset({400, 431, 0})
UNENDED = b"POST /raw HTTP/1.1\r\nHost: x\r\n"
UNSIZED = UNENDED + b"Transfer-Encoding: chunked\r\n\r\n"
PART_HEADERS = frozenset({400, 413, 431, 0})

BOMBS = (
    *(Bomb(f"announced {path}", _announced(path, kind), TOO_LARGE) for path, kind in PATHS),
    *(Bomb(f"chunked {path}", _chunked(path, kind), TOO_LARGE) for path, kind in PATHS),
    Bomb("length of 30 digits", _once(_head("/raw", f"Content-Length: {'9' * 30}")), frozenset({400, 413})),
    Bomb("length is no number", _once(_head("/raw", "Content-Length: lots")), INVALID),
    Bomb(
        "length too small",
        _once(_head("/model", "Content-Type: application/json", "Content-Length: 3") + b'{"name":"x"}'),
        INVALID,
    ),
    Bomb("deep lists", _sized("/model", JSON, b'{"below":' + b"[" * 100_000), INVALID),
    Bomb(
        "deep closed lists",
        _sized("/model", JSON, b'{"below":' + b"[" * 90_000 + b"]" * 90_000 + b"}"),
        INVALID,
    ),
    Bomb("deep objects", _sized("/anything", JSON, b'{"a":' * 100_000 + b"1" + b"}" * 100_000), INVALID),
    Bomb("integer of 900 kB", _sized("/model", JSON, b'{"number":' + b"9" * 900_000 + b"}"), INVALID),
    Bomb("integer of 10 MB", _sized("/model", JSON, b'{"number":' + b"9" * 10_000_000 + b"}"), TOO_LARGE),
    Bomb("header of 1 MB", _once(_head("/raw", f"X-Large: {'x' * MIB}", "Content-Length: 0")), HEADERS),
    Bomb(
        "100,000 headers",
        _once(_head("/raw", *(f"X-{n}: y" for n in range(100_000)), "Content-Length: 0")),
        HEADERS,
    ),
    Bomb("header that does not end", _endless(UNENDED + b"X: ", b"x"), HEADERS),
    Bomb("name of a header that does not end", _endless(UNENDED, b"x"), HEADERS),
    Bomb("headers that do not end", _endless(UNENDED, b"X-Many: y\r\n"), HEADERS),
    Bomb("URL that does not end", _endless(b"GET /", b"x"), frozenset({414, 0})),
    Bomb("query that does not end", _endless(b"GET /?", b"a=1&"), frozenset({414, 0})),
    Bomb("method that does not end", _endless(b"", b"x"), frozenset({400, 0})),
    Bomb("lines before a request that does not come", _endless(b"", b"\r\n"), frozenset({400, 431, 0})),
    Bomb("trailer that does not end", _endless(UNSIZED + b"0\r\nX: ", b"x"), HEADERS),
    Bomb("trailers that do not end", _endless(UNSIZED + b"0\r\n", b"X: y\r\n"), HEADERS),
    Bomb("extension that does not end", _endless(UNSIZED + b"1;", b"x"), HEADERS),
    Bomb(
        "10,000 query values",
        _once(_head(f"/model?{'a=1&' * 10_000}", "Content-Length: 0")),
        frozenset({400, 414}),
    ),
    Bomb("announced form", _announced("/fields", FORM), TOO_LARGE),
    Bomb("chunked form", _chunked("/fields", FORM), TOO_LARGE),
    Bomb("1,000,000 form fields", _sized("/fields", FORM, b"a=1&" * 1_000_000), TOO_LARGE),
    Bomb("200,000 form fields", _sized("/fields", FORM, b"a=1&" * 200_000), TOO_LARGE),
    Bomb("400,000 empty form fields", _sized("/fields", FORM, b"a&" * 400_000), TOO_LARGE),
    Bomb("announced parts", _announced("/upload", PARTS), frozenset({400, 413, 0})),
    Bomb("chunked parts", _chunked("/upload", PARTS), frozenset({400, 413, 0})),
    Bomb("100,000 parts", _sized("/upload", PARTS, _part("a", b"1") * 100_000 + b"--B--\r\n"), TOO_LARGE),
    Bomb(
        "100,000 parts without a file", _sized("/upload", PARTS, NO_FILE * 100_000 + b"--B--\r\n"), TOO_LARGE
    ),
    Bomb("100,000 files", _sized("/upload", PARTS, ENDLESS_FILE * 100_000), frozenset({400, 413, 0})),
    Bomb(
        "file of 8 MB", _sized("/upload", PARTS, ENDLESS_FILE + b"x" * 8 * MIB + b"\r\n--B--\r\n"), TOO_LARGE
    ),
    Bomb("part with a header of 1 MB", _sized("/upload", PARTS, b"--B\r\nX: " + b"x" * MIB), PART_HEADERS),
    Bomb(
        "part with 50,000 headers", _sized("/upload", PARTS, b"--B\r\n" + b"X: y\r\n" * 50_000), PART_HEADERS
    ),
    Bomb("file that does not end", _sized("/upload", PARTS, ENDLESS_FILE + b"x" * 1000), INVALID),
    *(
        Bomb(
            f"{coding} of 1 GB",
            _sized("/model", JSON, compress(PACKED), f"Content-Encoding: {coding}"),
            frozenset({400, 415, 422}),
        )
        for coding in ("gzip", "deflate", "br", "zstd", "gzip, gzip", "x-gzip")
    ),
)


@pytest.mark.timeout(60)
async def test_bodies_that_are_too_much_are_refused(tally: Tally) -> None:
    await refuse(mib=16, tally=tally)


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_bodies_of_a_gigabyte_are_refused(tally: Tally) -> None:
    await refuse(mib=1024, tally=tally)


async def refuse(*, mib: int, tally: Tally) -> None:
    """Send every bomb, and see that the server neither grows nor stands still, and that others do not notice.

    What others take is that of the best round: the slowest hundredth of one are a few requests, and whatever else
    the machine does can only add to them.
    """
    async with served(bodies_app.__name__) as server:
        take_precedence(server.pid, processor=0)
        await _works(server)
        await server.reset()
        before = server.peak
        async with steadily(server.port, server.pid, "/hello", rate=RATE) as good:
            began = time.monotonic()
            await asyncio.sleep(IDLE)
            times = [time.monotonic()]
            for _ in range(ROUNDS):
                await _send_all(server, mib)
                times.append(time.monotonic())
        found = await server.probe()
        assert server.peak - before <= RSS_LIMIT
        assert found["lag_max"] <= LAG_LIMIT, found
        idle, busy = good.between(began, times[0]), [good.between(*each) for each in pairwise(times)]
        tally(sum(map(len, busy)) + ROUNDS * len(BOMBS), ROUNDS * len(BOMBS))
        assert not [each for each in (*idle, *chain(*busy)) if each.wrong]
        assert min(map(p99, busy)) <= 2 * p99(idle), (p99(idle), *map(p99, busy))


async def _send_all(server: Server, mib: int) -> None:
    for bomb in BOMBS:
        await asyncio.sleep(PAUSE)  # a rate, as others have one as well
        status, body = await server.exchange(bomb.pieces(mib))
        assert status in bomb.refused, (bomb.name, status, body[:200])
        await _works(server)


async def _works(server: Server) -> None:
    good = b'{"name":"good"}'
    status, body = await server.exchange(_sized("/model", JSON, good)(0))
    assert (status, body) == (200, b'"good"')
