"""A PostgreSQL of a test's own that may be killed and started again: durable, unlike the shared one."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
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
        """Let it crash: nobody is told."""
        assert self._process is not None
        # The whole group: children of a server that is killed alone would hold on to its memory.
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(20)

    def restart_fast(self) -> None:
        """Stop it while its clients are busy."""
        if self._process is not None:
            stopped(self._process, signal.SIGINT)


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
