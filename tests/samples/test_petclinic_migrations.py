"""The revisions of PetClinic make what its entities need, on every database that it runs on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PETCLINIC = Path(__file__).parents[2] / "samples" / "petclinic"


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/petclinic.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


def test_the_revisions_lead_to_the_entities_and_back(url: str) -> None:
    assert "applied 0001 (The tables of the clinic)" in _db(url, "upgrade")
    assert "The tables are as the entities say." in _db(url, "check")
    assert "undid 0001" in _db(url, "downgrade", "base")
    assert "at no revision" in _db(url, "current")


def _db(url: str, *arguments: str) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("pyfly"), "db", *arguments],
        cwd=PETCLINIC,
        env=os.environ | {"PYFLY_DATA_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
