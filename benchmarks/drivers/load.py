"""Samples from living web servers under load: wrk keeps 32 connections busy for a second."""

import http.client
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter, sleep
from typing import IO, Any, Final

from benchmarks.area import Area, Contender
from benchmarks.drivers.base import Driver, Sample, Setting, Unavailable, last_line
from benchmarks.drivers.server import PATIENCE_SECONDS, end, free_port, spawn
from benchmarks.machine import cpu_seconds

_WRK: Final = ("wrk", "-t1", "-c32", "-d1s", "--timeout", "5s")
_SCRIPT: Final = """\
wrk.method = "{method}"
wrk.body = [==[{body}]==]
wrk.headers["Content-Type"] = "application/json"
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\\n{{"requests": %d, "microseconds": %d, "p99": %f, "wrong": %d}}\\n',
    summary.requests, summary.duration, latency:percentile(99.0),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"""


@dataclass(slots=True)
class _Server:
    process: "subprocess.Popen[bytes]"
    port: int
    script: Path
    errors: IO[str]


class LoadDriver(Driver):
    """Keeps one uvicorn worker per row of the contender alive; only one of them is under load at a time."""

    def __init__(self, area: Area, contender: Contender, setting: Setting) -> None:
        super().__init__(area, contender, setting)
        self._requests: dict[str, Any] = import_module(f"{area.package}.model").REQUESTS
        self._checks = import_module(f"{area.package}.checks")
        self._servers: dict[str, _Server] = {}

    @staticmethod
    def missing() -> str:
        """Ask for wrk."""
        return "" if shutil.which("wrk") else "wrk is not installed (apt-get install wrk)"

    def sample(self, row: str) -> Sample:
        """Return ``rate`` (answers a second), ``cpu`` (the server's own microseconds an answer) and ``p99`` (ms)."""
        server = self._servers.get(row) or self._start(row)
        request = self._requests[row]
        url = f"http://127.0.0.1:{server.port}{request.path}" + (f"?{request.query}" if request.query else "")
        before = cpu_seconds(server.process.pid)
        command = [*_WRK, "-s", str(server.script), url]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        after = cpu_seconds(server.process.pid)
        if ran.returncode != 0 or server.process.poll() is not None:
            raise Unavailable(last_line(ran.stderr))
        told = json.loads(ran.stdout.splitlines()[-1])
        if told["wrong"] or not told["requests"]:
            raise Unavailable(f"{told['wrong']} of {told['requests']} answers are wrong")
        sample = {"rate": told["requests"] / told["microseconds"] * 1e6, "p99": told["p99"] / 1000}
        if before is not None and after is not None:
            sample["cpu"] = (after - before) / told["requests"] * 1e6
        return sample

    def close(self) -> None:
        """End every server."""
        for server in self._servers.values():
            end(server.process)
            server.errors.close()
        self._servers.clear()

    def _start(self, row: str) -> _Server:
        request, port = self._requests[row], free_port()
        script = self.setting.generated / f"{self.area.name}_{row}.lua"
        script.write_text(_SCRIPT.format(method=request.method, body=request.body.decode()), "utf-8")
        errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (closed by close)
        start, process = spawn(self.setting, f"{self.area.package}.{self.contender.name}:{row}", port, errors)
        server = self._servers[row] = _Server(process, port, script, errors)
        try:
            self._wait(server, start)
            self._checks.check(row, lambda: self._answer(server, request))
        except (OSError, AssertionError, ValueError, KeyError, http.client.HTTPException) as failure:
            errors.seek(0)
            raise Unavailable(f"{type(failure).__name__} {failure}; {last_line(errors.read())}") from failure
        return server

    def _wait(self, server: _Server, start: float) -> None:
        while perf_counter() - start < PATIENCE_SECONDS:
            if server.process.poll() is not None:
                raise OSError("the server ended")
            try:
                http.client.HTTPConnection("127.0.0.1", server.port, timeout=5).connect()
            except ConnectionError:
                sleep(0.01)
                continue
            return
        raise TimeoutError("no answer in time")

    def _answer(self, server: _Server, request: Any) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        target = request.path + (f"?{request.query}" if request.query else "")
        headers = {"Content-Type": "application/json"}
        connection.request(request.method, target, body=request.body or None, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return self._checks.Answer(answer.status, names, body)
