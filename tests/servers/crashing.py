"""A PostgreSQL of a test's own that may be killed and started again: durable, unlike the shared one."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.servers import postgres
from tests.servers.process import Owner, free_port, started, stopped, temporary_folder, unprivileged
from tests.servers.supply import MissingServerError


class CrashingPostgres:
    """The server, and what can happen to it."""

    def __init__(self, folder: Path, owner: Owner, port: int) -> None:
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._folder = folder
        self._owner = owner
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait for its first answer, after recovery if it had crashed."""
        command: list[str | Path] = [
            postgres.programs() / "postgres", "-D", self._folder / "data", "-p", str(self._port), "-k", self._folder,
            "-c", "listen_addresses=127.0.0.1",
        ]  # fmt: skip
        self._process = started(
            command,
            self._owner,
            log=self._folder / "log",
            answers=lambda: postgres.answers(self.url),
            limit=30.0,
        )

    def kill(self) -> None:
        """Kill it, as a machine that loses its power would: neither it nor its children can do anything about it."""
        assert self._process is not None
        children = _children(self._process.pid)
        self._process.kill()
        # Children that outlive their server for a moment would hold on to its memory.
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait(20)
        _wait_until_gone(children)

    def restart_fast(self) -> None:
        """Stop it while its clients are busy."""
        if self._process is not None:
            stopped(self._process, signal.SIGINT)


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name is in parentheses and may contain anything; the parent is the second field after it.
            if int(status.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(status.parent.name))
    return found


def _wait_until_gone(processes: list[int]) -> None:
    deadline = time.monotonic() + 20
    while any(_is_running(process) for process in processes) and time.monotonic() < deadline:
        time.sleep(0.01)


def _is_running(process: int) -> bool:
    try:
        state = (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@contextmanager
def crashing_postgres() -> Iterator[CrashingPostgres]:
    """Provide a running server; skip the test where there is none to be had."""
    try:
        initdb = postgres.programs() / "initdb"
    except MissingServerError as missing:
        pytest.skip(str(missing))
    owner = unprivileged("postgres", "nobody")
    with temporary_folder(owner) as folder:
        owner.run(
            [initdb, "-D", folder / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale"]
        )
        server = CrashingPostgres(folder, owner, free_port())
        server.start()
        try:
            yield server
        finally:
            server.restart_fast()
