"""PetClinic runs unchanged on other databases: a profile names one, and the sample's own tests pass there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
        print(f"database: {dialect}")

asyncio.run(main())
"""


def run(profile: str, url: str) -> str:
    environment = {
        **os.environ,
        "PYFLY_PROFILES_ACTIVE": profile,
        "PYFLY_DATA_URL": url,
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
def test_petclinic_runs_on_another_database(
    profile: str, dialect: str, request: pytest.FixtureRequest
) -> None:
    url = str(request.getfixturevalue(f"{profile}_url"))
    assert run(profile, url) == f"database: {dialect}"
    assert run(profile, url) == f"database: {dialect}", "the second start finds its tables and data"


def test_petclinic_runs_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_DATA_PROVIDER", "memory")
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    for _start in range(2):
        assert run("postgres", nowhere) == "database: postgresql", "what is configured is left alone"


@pytest.mark.parametrize(("profile", "engine"), [("postgres", "postgresql:"), ("mariadb", "mariadb:")])
def test_the_profile_names_the_database(profile: str, engine: str) -> None:
    assert f"url: {engine}" in (CLINIC / f"pyfly-{profile}.yaml").read_text(encoding="utf-8")
