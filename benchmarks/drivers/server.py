"""Samples from fresh web servers: the time from spawning one until its first right answer."""

import socket
import subprocess
import sys
import tempfile
from importlib import import_module
from time import perf_counter, sleep
from typing import IO

from benchmarks.drivers.base import Driver, Sample, Setting, Unavailable, last_line
from benchmarks.environment import ROOT
from benchmarks.machine import memory_mib

PATIENCE_SECONDS = 30.0
_OPTIONS = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error", "--factory")


class ServerDriver(Driver):
    """Spawns one uvicorn worker with the contender's application for each sample."""

    def sample(self, row: str) -> Sample:
        """Return ``time`` (spawn until the first 200 was read) and ``memory`` (resident at that moment)."""
        port = free_port()
        target = f"{self.area.package}.{self.contender.name}:{row}"
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            start, process = spawn(self.setting, target, port, errors)
            try:
                body = _first_answer(
                    process, port, import_module(f"{self.area.package}.model").PATHS[row], start
                )
                elapsed = perf_counter() - start
                memory = memory_mib("VmRSS", process.pid)
                import_module(f"{self.area.package}.checks").check(row, lambda: body)
            except (OSError, AssertionError, ValueError) as failure:
                errors.seek(0)
                raise Unavailable(f"{failure}; {last_line(errors.read())}") from failure
            finally:
                end(process)
        return {"time": elapsed * 1000} | ({} if memory is None else {"memory": memory})


def spawn(
    setting: Setting, target: str, port: int, errors: IO[str]
) -> tuple[float, "subprocess.Popen[bytes]"]:
    """Start one uvicorn worker for *target* on the measured core; return when that was, and the process."""
    setting.cores.for_child()
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", *_OPTIONS, "--port", str(port), target],
        cwd=ROOT,
        env=setting.environment(),
        stdout=subprocess.DEVNULL,
        stderr=errors,
    )
    setting.cores.for_harness()
    return start, process


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _first_answer(process: "subprocess.Popen[bytes]", port: int, path: str, start: float) -> bytes:
    while perf_counter() - start < PATIENCE_SECONDS:
        if process.poll() is not None:
            raise OSError("the server ended")
        try:
            head, _, body = _get(port, path).partition(b"\r\n\r\n")
        except ConnectionError:
            sleep(0.0005)
            continue
        if head.startswith(b"HTTP/1.1 200"):
            return body
        if head:
            raise OSError(f"the server answered {head.splitlines()[0].decode('latin-1')}")
    raise TimeoutError("no answer in time")


def _get(port: int, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n"
        connection.sendall(request.encode("ascii"))
        answer = b""
        while received := connection.recv(65536):
            answer += received
    return answer


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a server, by force if it does not follow."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
