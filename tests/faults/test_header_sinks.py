"""Row T49: whatever text reaches a response header or a log line, the answer is one message and the record one line."""

import asyncio
import io
import json
import logging
import random
from collections.abc import Sequence
from typing import Any

import h11
import pytest

from pyfly.container.container import Container
from pyfly.core.config import Config
from pyfly.logging import StructlogAdapter
from pyfly.web import (
    Body,
    Request,
    Response,
    ResponseEntity,
    ResponseStatusException,
    WebApplication,
    WebProperties,
    post_mapping,
    rest_controller,
)
from pyfly.web.adapters.starlette.technology import STARLETTE
from pyfly.web.adapters.uvicorn.server import UvicornServer
from pyfly.web.assembly import Options, assemble
from tests.faults.conftest import Tally

CONNECTIONS = 4
PIECES = (
    "\r\n", "\n", "\r", "\0", "\r\nX-Evil: 1", "\nX-Evil: 1", "\r\n\r\n<script>", "\u560a\u560d", "é", "\u2028",
    "\x1b[2J", "\x7f", "\x85", "\u202e", "HTTP/1.1 200 OK\r\n", "Content-Length: 0\r\n\r\n", ";", ",", '"', "=", " ",
    "\t", ":", "a", "value", "%0d%0a", "\ud83d", "\U0001f600", "x" * 50,
)  # fmt: skip
SINKS = ("value", "name", "error", "filter", "object", "cookie", "redirect", "status-text")


@rest_controller
class Sinks:
    @post_mapping("/value")
    async def value(self, text: Body[str]) -> ResponseEntity[int]:
        return ResponseEntity(1, 200, {"X-Text": text})

    @post_mapping("/name")
    async def name(self, text: Body[str]) -> ResponseEntity[int]:
        return ResponseEntity(1, 200, {text: "x"})

    @post_mapping("/error")
    async def error(self, text: Body[str]) -> None:
        raise ResponseStatusException(409, text, headers={"X-Text": text})

    @post_mapping("/filter")
    async def by_filter(self, text: Body[str], request: Request) -> int:
        request.state.text = text
        return 1

    @post_mapping("/object")
    async def object(self, text: Body[str]) -> Response:
        return Response("x", headers={"X-Text": text})

    @post_mapping("/cookie")
    async def cookie(self, text: Body[str]) -> Response:
        response = Response("x")
        response.headers["set-cookie"] = f"a={text}"
        return response

    @post_mapping("/redirect")
    async def redirect(self, text: Body[str]) -> ResponseEntity[None]:
        return ResponseEntity(None, 302, {"Location": f"/{text}"})

    @post_mapping("/status-text")
    async def media_type(self, text: Body[str]) -> Response:
        return Response("x", media_type=text)


class Stamp:
    async def do_filter(self, request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        text = getattr(request.state, "text", None)
        if text is not None:
            response.headers["X-Text"] = text
        return response

    def should_not_filter(self, request: Request) -> bool:
        return False


def strings(count: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return ["".join(dice.choice(PIECES) for _ in range(dice.randint(1, 6))) for _ in range(count)]


async def messages(port: int, cases: Sequence[tuple[str, str]]) -> list[str]:
    """Send each text to its sink; return what is wrong with the bytes that came back."""
    wrong = []
    for sink, text in cases:
        body = json.dumps(text).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /%s HTTP/1.1\r\nHost: x\r\nX-Transaction-Id: %s\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%s"
            % (sink.encode(), _sendable(text), len(body), body)
        )
        raw = await reader.read()
        writer.close()
        await writer.wait_closed()
        problem = _problem(raw)
        if problem:
            wrong.append(f"{sink} {text!r}: {problem} in {raw[:200]!r}")
    return wrong


def _sendable(text: str) -> bytes:
    return (
        "".join(char for char in text if 32 <= ord(char) < 256 and ord(char) != 127).strip().encode("latin-1")
    )


def _problem(raw: bytes) -> str:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="POST", target="/", headers=[("Host", "x"), ("Content-Length", "0")]))
    client.send(h11.EndOfMessage())
    client.receive_data(raw)
    client.receive_data(b"")
    try:
        response = client.next_event()
        names = [name for name, _ in response.headers]  # type: ignore[union-attr]  # it is a response
        while type(event := client.next_event()) is h11.Data:
            pass
    except (h11.RemoteProtocolError, AttributeError) as failure:
        return f"no valid message ({failure})"
    if type(event) is not h11.EndOfMessage or client.trailing_data[0]:
        return "more than one message"
    return "" if b"x-evil" not in names and names.count(b"x-transaction-id") == 1 else f"headers {names}"


@pytest.fixture
async def port() -> Any:
    config = Config({"pyfly": {"web": {"host": "127.0.0.1", "port": 0}}})
    properties = config.bind(WebProperties)
    container = Container()
    for cls in (Sinks, Stamp):
        container.register(cls)
    options = Options(technology=STARLETTE, docs_enabled=False, config=config)
    app = WebApplication(lambda _: assemble(container, properties, options))
    started: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(UvicornServer(properties).serve(app, started=started.set_result))
    yield int((await started).rpartition(":")[2])
    serving.cancel()
    await asyncio.wait([serving])


async def test_every_answer_is_exactly_one_message(port: int, tally: Tally) -> None:
    logging.getLogger("pyfly.web").setLevel(logging.CRITICAL)
    try:
        texts = strings(5_000, 49)
        cases = [(SINKS[at % len(SINKS)], text) for at, text in enumerate(texts)]
        groups = [cases[start::CONNECTIONS] for start in range(CONNECTIONS)]
        found = await asyncio.gather(*(messages(port, group) for group in groups))
    finally:
        logging.getLogger("pyfly.web").setLevel(logging.NOTSET)
    wrong = [line for lines in found for line in lines]
    tally(len(cases), len(wrong))
    assert wrong[:5] == []


@pytest.mark.parametrize("form", ["console", "json", "ecs", "logstash"])
async def test_every_record_of_the_access_log_is_one_line(
    form: str, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    config = Config({"pyfly": {"logging": {"format": form}}})
    StructlogAdapter().configure(config)
    app = assemble(Container(), WebProperties(), Options(technology=STARLETTE, config=config)).dispatch
    texts = strings(500, 50)
    for text in texts:
        await app(_scope(text), _receive, _send)
    lines = written.getvalue().split("\n")[:-1]
    tally(len(texts), 0)
    assert (len(lines), [line for line in lines if "http_request" not in line]) == (len(texts), [])
    assert not any(char in written.getvalue() for char in "\r\0\x1b\x85\u2028\u202e")


def _scope(text: str) -> dict[str, Any]:
    raw = [(b"x-transaction-id", text.encode("latin-1", "replace"))]
    return {
        "type": "http",
        "method": "GET",
        "path": "/" + text.encode("utf-8", "replace").decode(),
        "query_string": b"",
        "headers": raw,
    }


async def _receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(message: Any) -> None: ...
