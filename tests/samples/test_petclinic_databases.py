"""PetClinic runs unchanged on other databases: a profile names one, and the sample's own tests pass there."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
import pytest

from tests.servers.supply import Supply

CLINIC = Path(__file__).parents[2] / "samples" / "petclinic"

PROGRAM = """
import asyncio, sys
import httpx
from pyfly.core import PyFlyApplication
from petclinic.app import PetClinic

async def main() -> None:
    application = PyFlyApplication(PetClinic, config_path=sys.argv[1])
    async with application as app:
        dialect = app.context.config.get("pyfly.data.url").partition(":")[0].partition("+")[0]
        transport = httpx.ASGITransport(app=application.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test/petclinic/api/") as api:
            before = (await api.get("owners")).json()
            owner = {"firstName": "Zoë", "lastName": "Ångström", "address": "1 St", "city": "Łódź", "telephone": "1234567890"}
            made = await api.post("owners", json=owner)
            assert made.status_code == 201, made.text
            number = made.json()["id"]
            pet = {"name": "Drax", "birthDate": "2025-01-04", "type": {"id": 1, "name": "cat"}}
            assert (await api.post(f"owners/{number}/pets", json=pet)).status_code == 201
            found = (await api.get("owners", params={"lastName": "Ång"})).json()
            assert [each["pets"][0]["name"] for each in found] == ["Drax"], found
            assert (await api.put(f"owners/{number}", json=owner | {"city": "Oslo"})).status_code == 204
            assert (await api.get(f"owners/{number}")).json()["city"] == "Oslo"
            assert (await api.delete(f"owners/{number}")).status_code == 204
            assert (await api.get(f"owners/{number}")).status_code == 404
            assert len((await api.get("owners")).json()) == len(before) > 0
            assert len((await api.get("vets")).json()) == 6
            assert (await api.get("owners", params={"lastName": "dav"})).json() == [], "case matters everywhere"
        print(f"database: {dialect}")

asyncio.run(main())
"""


def run(profile: str, server: Supply) -> str:
    place = urlsplit(server.url)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYFLY_DATA_URL"},
        "PYFLY_PROFILES_ACTIVE": profile,
        "PETCLINIC_DB_HOST": str(place.hostname),
        "PETCLINIC_DB_PORT": str(place.port or _PORTS[profile]),
        "PYFLY_BANNER_MODE": "OFF",
        "PYTHONPATH": str(CLINIC),
    }
    command = [sys.executable, "-c", PROGRAM, str(CLINIC / "pyfly.yaml")]
    done = subprocess.run(
        command, cwd=CLINIC, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return next(line for line in done.stdout.splitlines() if line.startswith("database: "))


@pytest.mark.parametrize(("profile", "dialect"), [("postgres", "postgresql"), ("mariadb", "mariadb")])
def test_petclinic_runs_on_the_database_that_its_profile_names(
    profile: str, dialect: str, request: pytest.FixtureRequest
) -> None:
    server: Supply = request.getfixturevalue(f"{profile}_server")
    execute = _on_postgres if profile == "postgres" else _on_mariadb
    if _is_taken(execute, server):
        pytest.skip("the server has a database called petclinic that is not ours")
    for statement in _MAKING[profile]:
        execute(server, statement)
    try:
        assert run(profile, server) == f"database: {dialect}"
        assert run(profile, server) == f"database: {dialect}", "the second start finds its tables and data"
    finally:
        for statement in _DROPPING:
            execute(server, statement)


_PORTS = {"postgres": 5432, "mariadb": 3306}
_MAKING = {
    "postgres": ("CREATE USER petclinic PASSWORD 'petclinic'", "CREATE DATABASE petclinic OWNER petclinic"),
    # As its server makes it: nothing is said about how text is compared.
    "mariadb": (
        "CREATE USER petclinic IDENTIFIED BY 'petclinic'",
        "CREATE DATABASE petclinic",
        "GRANT ALL ON petclinic.* TO petclinic",
    ),
}
_DROPPING = ("DROP DATABASE petclinic", "DROP USER petclinic")


def _is_taken(execute: Callable[[Supply, str], list[Any]], server: Supply) -> bool:
    names = "SELECT schema_name FROM information_schema.schemata"
    if execute is _on_postgres:
        names = "SELECT datname FROM pg_database UNION SELECT rolname FROM pg_roles"
    return any(name == "petclinic" for (name,) in execute(server, names))


def _on_postgres(server: Supply, statement: str) -> list[Any]:
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _on_mariadb(server: Supply, statement: str) -> list[Any]:
    place = urlsplit(server.url)
    connection = pymysql.connect(
        host=place.hostname or "127.0.0.1",
        port=place.port or 3306,
        user=unquote(place.username or "root"),
        password=unquote(place.password or ""),
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
