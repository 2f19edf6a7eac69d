"""The measured process of an ASGI area: applications are called directly, without sockets and without a parser."""

import asyncio
import logging
from collections.abc import Callable
from importlib import import_module
from itertools import repeat
from time import perf_counter
from typing import Any, Final

import uvloop

from benchmarks.children.warm import Slice, Worker, serve

Application = Callable[..., Any]

_CONNECTIONS: Final = 32
"""After how many calls the loop turns, as if so many clients were waiting."""


class AsgiWorker(Worker):
    """Times the applications of one contender."""

    def __init__(self, package: str, contender: str) -> None:
        super().__init__(package, contender, uvloop.new_event_loop())
        self._requests = import_module(f"{package}.model").REQUESTS
        self._answers = import_module(f"{package}.checks").Answer
        self._applications: dict[str, Application] = {}
        self._lifespans: list[asyncio.Task[None]] = []

    def _work(self, row: str) -> Slice:
        application = self._application(row)
        scope, receive = _scope_of(self._requests[row]), _receive_of(self._requests[row])

        async def spin(calls: int) -> float:
            turns, rest = divmod(calls, _CONNECTIONS)
            start = perf_counter()
            for _ in repeat(None, turns):
                for _ in repeat(None, _CONNECTIONS):
                    await application(dict(scope), receive, _ignore)
                await asyncio.sleep(0)
            for _ in repeat(None, rest):
                await application(dict(scope), receive, _ignore)
            for handler in logging.getLogger().handlers:
                handler.flush()  # what was put off is part of the work
            return perf_counter() - start

        return lambda calls: self._loop.run_until_complete(spin(calls))

    def _answering(self, row: str) -> Callable[[], object]:
        application, request = self._application(row), self._requests[row]

        async def answer() -> object:
            sent: list[dict[str, Any]] = []

            async def send(message: dict[str, Any]) -> None:
                sent.append(message)

            await application(_scope_of(request), _receive_of(request), send)
            headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
            body = b"".join(message.get("body", b"") for message in sent[1:])
            return self._answers(sent[0]["status"], headers, body)

        return lambda: self._loop.run_until_complete(answer())

    def _application(self, row: str) -> Application:
        if row not in self._applications:
            application = self._applications[row] = getattr(self._module, row)()
            self._loop.run_until_complete(self._start(application))
        return self._applications[row]

    async def _start(self, application: Application) -> None:
        """Run the start-up of the lifespan; like a server, go on without one if the application has none."""
        started: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        incoming: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        incoming.put_nowait({"type": "lifespan.startup"})

        async def send(message: dict[str, Any]) -> None:
            started.set_result(message)

        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
        lifespan = asyncio.ensure_future(application(scope, incoming.get, send))
        await asyncio.wait([lifespan, started], return_when=asyncio.FIRST_COMPLETED)
        if started.done() and started.result()["type"] != "lifespan.startup.complete":
            raise RuntimeError(started.result().get("message"))
        self._lifespans.append(lifespan)


def _scope_of(request: Any) -> dict[str, Any]:
    headers = [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")]
    if request.body:
        headers.append((b"content-length", b"%d" % len(request.body)))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
        "scheme": "http",
        "method": request.method,
        "root_path": "",
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": request.query.encode(),
        "headers": headers,
        "state": {},
    }


def _receive_of(request: Any) -> Callable[[], Any]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body, "more_body": False}

    return receive


async def _ignore(_message: dict[str, Any]) -> None:
    """Take what an application sends."""


if __name__ == "__main__":
    serve(AsgiWorker)
