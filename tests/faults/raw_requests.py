"""Messages of HTTP/1.1 as no honest client writes them, each with another request hidden inside."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

HIDDEN = "GET /hidden/{number} HTTP/1.1\r\nHost: x\r\n\r\n"
START = "{method} /seen/{number} HTTP/1.1\r\nHost: x\r\n"


class Raw(NamedTuple):
    """Bytes for one connection, and how many requests are in them: at most one, or exactly that many."""

    name: str
    data: bytes
    exactly: int | None = None


CODINGS = (
    "Transfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: identity, chunked", "Transfer-Encoding: CHUNKED", "Transfer-Encoding:\tchunked",
    "Transfer-Encoding:\x0bchunked", "Transfer-Encoding : chunked", " Transfer-Encoding: chunked",
    "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
    "Transfer-Encoding: x\r\nTransfer-Encoding: chunked", "Transfer_Encoding: chunked",
    'Transfer-Encoding: "chunked"', "X: y\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\x00",
    "Transfer-Encoding: chunk", "Transfer-Encoding: gzip, chunked",
)  # fmt: skip
LENGTHS = (
    "Content-Length: {length}", "Content-Length: 5", "Content-Length: 0", "Content-Length: +{length}",
    "Content-Length: -1", "Content-Length: 0x{length:x}", "Content-Length: {length} {length}",
    "Content-Length: {length}, 5", "Content-Length: {length}\r\nContent-Length: 5",
    "Content-Length: 5\r\nContent-Length: {length}", "Content-Length: {length}\r\nContent-Length: {length}",
    "Content-Length: 99999999999999999999999", "Content-Length : {length}", "Content-Length:{length}\x00",
    "Content-Length: {length}e0", "Content-Length: ", "Content-Length: ٣",
)  # fmt: skip
CHUNKS = (
    "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5\rhello\r0\r\r",
    "-1\r\n\r\n", "ffffffffffffffff1\r\nhello\r\n0\r\n\r\n", "5;a=\n\r\nhello\r\n0\r\n\r\n",
    '5;a="\r\n"\r\nhello\r\n0\r\n\r\n', "5\r\nhelloXX0\r\n\r\n", "5\r\nhel", "g\r\n\r\n", "\r\n\r\n", "0\r\nX: y\nZ\r\n\r\n",
    "0_0\r\n\r\n", "+0\r\n\r\n",
)  # fmt: skip
HONEST = CHUNKS[:3]
"""After these the next request begins; in those with a space before the line end, some servers say."""
HEADERS = (
    "X : y", "X y", ": y", "X\x00: y", "X: y\x00z", "X: y\rz", "X: y\n z", "X: y\r\n z", "X\r\n: y", "\x0bX: y",
    "X: \x7f", "X\t: y", "(X): y", "X: y\r\r\n\nContent-Length: 0",
)  # fmt: skip
LINES = (
    "GET  /seen/{number} HTTP/1.1", "GET /seen/{number}  HTTP/1.1", "GET /seen/{number}", "get /seen/{number} HTTP/1.1",
    "GET /seen/{number} HTTP/1.1 ", "GET /seen/{number} HTTP/9.9", "GET /seen/{number} HTTP/2.0", "GET /seen/{number} HTTP/1",
    "GET /seen/{number} http/1.1", "GET\t/seen/{number}\tHTTP/1.1", "GET /seen/{number}\x00 HTTP/1.1", "G\x01T /seen/{number} HTTP/1.1",
    "GET http://[ HTTP/1.1", "GET seen/{number} HTTP/1.1", " GET /seen/{number} HTTP/1.1", "GET /seen/{number}\r HTTP/1.1",
    "PRI * HTTP/2.0", "CONNECT x:1 HTTP/1.1", "OPTIONS * HTTP/1.1", "GET /seen/{number}#x HTTP/1.1", "GE\xf6 /seen/{number} HTTP/1.1",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "HEAD")


def corpus() -> Iterator[Raw]:
    """Yield the messages, numbered from nought."""
    for number, (name, text, exactly) in enumerate(_texts()):
        yield Raw(name, text.replace("{number}", str(number)).encode("latin-1", "replace"), exactly)


def _texts() -> Iterator[tuple[str, str, int | None]]:
    for count in range(1, 21):
        text = "".join(START.replace("{method}", "GET") + "\r\n" for _ in range(count))
        yield f"{count} in a row", text, count
    for coding, length, method in product(CODINGS, LENGTHS, METHODS[:3]):
        body = "0\r\n\r\n" + HIDDEN
        if (coding, length) == ("Transfer_Encoding: chunked", "Content-Length: 5"):
            continue  # an unknown header, and a body of just this length: the rest is a request
        said = length.replace("{length:x}", f"{len(body) + 3:x}").replace("{length}", str(len(body) + 3))
        yield f"{method} {coding!r} {said!r}", f"{_start(method)}{coding}\r\n{said}\r\n\r\n{body}", None
    for chunks, method in product(CHUNKS, METHODS):
        text = f"{_start(method)}Transfer-Encoding: chunked\r\n\r\n{chunks}"
        yield f"{method} {chunks!r}", text + (HIDDEN if chunks not in HONEST else ""), None
    for header, method in product(HEADERS, METHODS):
        yield f"{method} {header!r}", f"{_start(method)}{header}\r\n\r\n", None
    for line, end in product(LINES, ("\r\n", "\n", "\r")):
        yield f"{line!r} {end!r}", f"{line}{end}Host: x{end}{end}", None
    for length, method in product(LENGTHS[2:], METHODS):
        body = HIDDEN
        said = length.replace("{length:x}", f"{len(body) + 3:x}").replace("{length}", str(len(body) + 3))
        # With one honest length of nought what follows would be a request of its own.
        hidden = "" if said == "Content-Length: 0" else body
        yield f"{method} {said!r}", f"{_start(method)}{said}\r\n\r\n{hidden}", None


def _start(method: str) -> str:
    return START.replace("{method}", method)
