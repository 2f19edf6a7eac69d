"""Runs a server of our own: unprivileged, on a free port, gone when the test run is gone."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Command = Sequence[str | Path]

STOP_LIMIT = 10.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that a server runs as; ``None`` is our own."""

    account: pwd.struct_passwd | None = None

    def options(self) -> dict[str, Any]:
        """Return what ``subprocess`` needs to become this account."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def run(self, command: Command) -> None:
        """Run *command* to its end; its output is part of the error if it fails."""
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            **self.options(),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def unprivileged(*accounts: str) -> Owner:
    """Return our own account, or the first of *accounts* that exists when we are root."""
    if os.getuid() != 0:
        return Owner()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return Owner(next(known[name] for name in accounts if name in known))


@contextmanager
def temporary_folder(owner: Owner) -> Iterator[Path]:
    """Provide an empty folder that belongs to *owner*."""
    folder = Path(tempfile.mkdtemp(prefix="pyfly-server-"))
    if owner.account is not None:
        os.chown(folder, owner.account.pw_uid, owner.account.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(
    command: Command,
    owner: Owner,
    *,
    log: Path,
    answers: Callable[[], bool],
    limit: float,
    end: signal.Signals = signal.SIGINT,
) -> Iterator[None]:
    """Run *command* from its first answer until the end of the context, when it is sent the signal *end*."""
    process = started(command, owner, log=log, answers=answers, limit=limit, end=end)
    try:
        yield
    finally:
        stopped(process, end)


def started(
    command: Command,
    owner: Owner,
    *,
    log: Path,
    answers: Callable[[], bool],
    limit: float,
    end: signal.Signals = signal.SIGINT,
) -> "subprocess.Popen[bytes]":
    """Start *command*, wait for its first answer and return its process; a part of the log if there is none."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_environment(),
            start_new_session=True,
            preexec_fn=partial(_end_with_parent, end),  # noqa: PLW1509 - one prctl call; no locks are taken
            **owner.options(),
        )
    try:
        _wait(process, answers, log, limit)
    except BaseException:
        stopped(process, end)
        raise
    return process


def stopped(process: "subprocess.Popen[bytes]", end: signal.Signals) -> None:
    """Send *process* the signal *end* and wait for it to go."""
    process.send_signal(end)
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path, limit: float) -> None:
    deadline = time.monotonic() + limit
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _end_with_parent(end: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, end)
