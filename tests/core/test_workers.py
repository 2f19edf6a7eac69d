"""Applications that several processes serve."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.cli.support import BROKEN, ROOT, SERVED, free_port, package

RUN = "import sys; from {0}.main import Application; from pyfly.core import PyFlyApplication; PyFlyApplication(Application, args=sys.argv[1:]).run()"


@contextmanager
def running(folder: Path, name: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the application *name* in *folder* with two workers."""
    port = free_port()
    settings = (
        f"--pyfly.web.port={port}",
        "--pyfly.web.workers=2",
        "--pyfly.web.shutdown-timeout=2s",
        *arguments,
    )
    with subprocess.Popen(
        [sys.executable, "-c", RUN.format(name), *settings],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{folder}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}/pid"
        finally:
            process.kill()


def pids(url: str, wanted: int) -> set[int]:
    """Ask for process ids until as many different ones as wanted have answered."""
    found: set[int] = set()
    until(lambda: len(_asked(url, found)) >= wanted)
    return found


def _asked(url: str, found: set[int]) -> set[int]:
    with suppress(httpx.TransportError):
        found.add(httpx.get(url).json())
    return found


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0] != "Z"


def test_every_worker_serves_the_same_port_and_all_end_together(tmp_path: Path) -> None:
    package(tmp_path, "served", SERVED)
    with running(tmp_path, "served") as (process, url):
        workers = pids(url, 2)
        assert process.pid not in workers
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
        assert process.returncode == 0
        assert not any(map(alive, workers))
    assert output.count("listening") == 2


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    package(tmp_path, "served", SERVED)
    with running(tmp_path, "served") as (process, url):
        first = pids(url, 2)
        os.kill(min(first), signal.SIGKILL)
        until(lambda: len(pids(url, 2) - first) == 1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=10)
        assert process.returncode == 0
    assert output.count("worker_died") == 1


def test_workers_do_not_outlive_their_parent(tmp_path: Path) -> None:
    package(tmp_path, "served", SERVED)
    with running(tmp_path, "served") as (process, url):
        workers = pids(url, 2)
        process.kill()
        until(lambda: not any(map(alive, workers)))


def test_an_application_that_cannot_start_says_so_once(tmp_path: Path) -> None:
    package(tmp_path, "broken", BROKEN)
    with running(tmp_path, "broken") as (process, _):
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 1
    assert output.count("Application failed to start") == 1


def test_a_taken_port_is_told_once(tmp_path: Path) -> None:
    package(tmp_path, "served", SERVED)
    with running(tmp_path, "served") as (_, url):
        pids(url, 1)
        port = url.split(":")[2].split("/")[0]
        with running(tmp_path, "served", f"--pyfly.web.port={port}") as (second, _):
            output, _ = second.communicate(timeout=20)
            assert second.returncode == 1
    assert output.count("Application failed to start") == 1
    assert f"cannot listen on 0.0.0.0, port {port}" in output


@pytest.mark.parametrize("target", ["served.main:app", "served.main:Application"])
def test_pyfly_run_has_workers_too(tmp_path: Path, target: str) -> None:
    package(tmp_path, "served", SERVED)
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "tests.cli.support",
        "run",
        "--app",
        target,
        "--port",
        str(port),
        "--workers",
        "2",
    ]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.pid not in pids(f"http://127.0.0.1:{port}/pid", 2)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()
