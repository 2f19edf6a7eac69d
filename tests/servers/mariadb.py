"""MariaDB for tests, in this order: ``PYFLY_TEST_MYSQL_URL``, a local server, one of our own.

Databases are created per test, so nothing that was there before is touched.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit
from uuid import uuid4

import pymysql

from tests.servers.process import free_port, served, temporary_folder, unprivileged
from tests.servers.supply import MissingServerError, Supply

VARIABLE = "PYFLY_TEST_MYSQL_URL"
LOCAL = "mariadb://root@127.0.0.1:3306/"
START_LIMIT = 60.0
FAST_NOT_DURABLE = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=64M",
    "--max-connections=200",
    "--innodb-lock-wait-timeout=10",
)


@contextmanager
def mariadb() -> Iterator[Supply]:
    """Provide a server for as long as the context lasts.

    Raises:
        MissingServerError: There is no way to get one.
    """
    if url := os.environ.get(VARIABLE):
        # A server that was named and cannot be reached is an error, never a reason to take another one.
        yield Supply(server="mariadb", source="env", version=_version(url), url=url)
        return
    if (version := _local_version()) is not None:
        yield Supply(server="mariadb", source="local", version=version, url=LOCAL)
        return
    with _ephemeral() as url:
        yield Supply(server="mariadb", source="ephemeral", version=_version(url), url=url)


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """Create a database of its own for one test, as the server would by default, and drop it afterwards."""
    name = f"pyfly_{uuid4().hex}"
    _execute(server_url, f"CREATE DATABASE `{name}`")
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        _execute(server_url, f"DROP DATABASE `{name}`")


def _execute(url: str, statement: str) -> Any:
    place = urlsplit(url)
    connection = pymysql.connect(
        host=place.hostname or "127.0.0.1",
        port=place.port or 3306,
        user=unquote(place.username or "root"),
        password=unquote(place.password or ""),
        connect_timeout=5,
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()
    finally:
        connection.close()


def _version(url: str) -> str:
    return str(_execute(url, "SELECT VERSION()")[0])


def _local_version() -> str | None:
    if os.environ.get("PYFLY_TEST_NO_LOCAL"):
        return None
    try:
        return _version(LOCAL)
    except (OSError, pymysql.MySQLError):
        return None


@contextmanager
def _ephemeral() -> Iterator[str]:
    server, install = _program("mariadbd"), _program("mariadb-install-db")
    owner = unprivileged("mysql", "nobody")
    with temporary_folder(owner) as folder:
        data, port = folder / "data", free_port()
        account = [] if owner.account is None else [f"--user={owner.account.pw_name}"]
        owner.run(
            [
                install,
                "--no-defaults",
                *account,
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ]
        )
        command: list[str | Path] = [server, "--no-defaults", *account, f"--datadir={data}"]
        command += [f"--socket={folder}/s.sock", f"--pid-file={folder}/pid", "--bind-address=127.0.0.1"]
        command += [f"--port={port}", *FAST_NOT_DURABLE]
        url = f"mariadb://root@127.0.0.1:{port}/"
        answers, log = (lambda: _answers(url)), folder / "log"
        with served(command, owner, log=log, answers=answers, limit=START_LIMIT, end=signal.SIGTERM):
            yield url


def _answers(url: str) -> bool:
    try:
        _version(url)
    except (OSError, pymysql.MySQLError):
        return False
    return True


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/libexec")
    if found is None:
        raise MissingServerError(
            f"No MariaDB. Bring one with `apt-get install mariadb-server` (or name a server in {VARIABLE})."
        )
    return found
