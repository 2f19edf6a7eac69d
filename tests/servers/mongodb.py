"""A server of MongoDB's protocol for tests: the one that ``PYFLY_TEST_MONGODB_URL`` names, or one of our own.

Ours is SecantusDB: MongoDB's protocol and its storage engine, with transactions, but not MongoDB itself. Tests
use databases of their own, so nothing that was there before is touched.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from tests.servers.process import Owner, free_port, served, temporary_folder
from tests.servers.supply import MissingServerError, Supply

VARIABLE = "PYFLY_TEST_MONGODB_URL"
START_LIMIT = 20.0


@contextmanager
def mongodb() -> Iterator[Supply]:
    """Provide a server for as long as the context lasts.

    Raises:
        MissingServerError: There is no way to get one.
    """
    if url := os.environ.get(VARIABLE):
        # A server that was named and cannot be reached is an error, never a reason to take another one.
        yield Supply(server="mongodb", source="env", version=_version(url), url=url)
        return
    with ephemeral() as url:
        yield Supply(server="mongodb", source="ephemeral", version=f"SecantusDB {_version(url)}", url=url)


@contextmanager
def ephemeral(*options: str, port: int = 0) -> Iterator[str]:
    """Run a server of our own, which a test may stop or suspend, at *port* or at any that is free."""
    if find_spec("secantus") is None:
        raise MissingServerError(
            f"No MongoDB. Bring one of its protocol with `pip install --pre secantusdb` "
            f"(or name a server in {VARIABLE})."
        )
    at = port or free_port()
    owner = Owner()  # our interpreter may be in a folder that nobody else may enter
    url = f"mongodb://127.0.0.1:{at}"
    with temporary_folder(owner) as folder:
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "secantus",
            "--host",
            "127.0.0.1",
            "--port",
            str(at),
        ]
        command += [
            "--storage-path",
            folder / "data",
            "--cache-size",
            "128M",
            "--log-level",
            "WARNING",
            *options,
        ]
        with served(command, owner, log=folder / "log", answers=lambda: _answers(url), limit=START_LIMIT):
            yield url


@contextmanager
def database(url: str) -> Iterator[str]:
    """Provide the URL of a database of its own on the server at *url*."""
    name = f"pyfly_{uuid4().hex[:12]}"
    try:
        yield f"{url.rstrip('/')}/{name}"
    finally:
        with _client(url, 10_000) as client:
            client.drop_database(name)


def _client(url: str, limit: int) -> "MongoClient[dict[str, Any]]":
    return MongoClient(url, serverSelectionTimeoutMS=limit, connectTimeoutMS=limit)


def _version(url: str) -> str:
    with _client(url, 5_000) as client:
        return str(client.server_info()["version"])


def _answers(url: str) -> bool:
    try:
        with _client(url, 200) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True
