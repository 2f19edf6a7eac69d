"""Users over HTTP."""

import hashlib
import sqlite3
from pathlib import Path

import httpx
import pytest

from conftest import Open

USER = {"username": "john.doe", "password": "1234abc", "enabled": True, "roles": [{"name": "OWNER_ADMIN"}]}


def test_a_new_user_is_answered_without_the_password(api: httpx.Client) -> None:
    response = api.post("users", json=USER)

    assert response.status_code == 201
    assert response.headers["location"] == "/petclinic/api/users/john.doe"
    assert response.json() == {
        "username": "john.doe",
        "enabled": True,
        "roles": [{"name": "ROLE_OWNER_ADMIN"}],
    }


def test_a_name_alone_makes_a_user(api: httpx.Client) -> None:
    response = api.post("users", json={"username": "jane"})

    assert response.status_code == 201
    assert response.json() == {"username": "jane", "enabled": True, "roles": []}


def test_roles_are_kept_once_with_their_prefix(api: httpx.Client) -> None:
    roles = [{"name": "VET_ADMIN"}, {"name": "ROLE_VET_ADMIN"}, {"name": "ADMIN"}]

    response = api.post("users", json=USER | {"username": "jill", "roles": roles})

    assert response.json()["roles"] == [{"name": "ROLE_ADMIN"}, {"name": "ROLE_VET_ADMIN"}]


def test_only_the_hash_of_a_password_is_stored(clinic: Open, tmp_path: Path) -> None:
    with clinic(tmp_path / "petclinic.db") as api:
        assert api.post("users", json=USER).status_code == 201

    database = sqlite3.connect(tmp_path / "petclinic.db")
    (stored,) = database.execute("SELECT password FROM users WHERE username = 'john.doe'").fetchone()
    database.close()
    salt, key = stored.removeprefix("{scrypt}").split("$")
    assert hashlib.scrypt(b"1234abc", salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex() == key


def test_a_user_name_can_be_taken_once(api: httpx.Client) -> None:
    response = api.post("users", json=USER | {"username": "admin"})

    assert response.status_code == 400
    assert "admin" in response.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("username", None, "username"),
        ("username", "", "username"),
        ("username", "x" * 21, "username"),
        ("password", "", "password"),
        ("password", "x" * 81, "password"),
        ("enabled", "maybe", "enabled"),
        ("roles", "ADMIN", "roles"),
        ("roles", [{}], "roles.0.name"),
        ("roles", [{"name": ""}], "roles.0.name"),
        ("roles", [{"name": "x" * 16}], "roles.0.name"),
    ],
)
def test_a_field_that_breaks_a_rule_is_named(
    api: httpx.Client, field: str, value: object, named: str
) -> None:
    response = api.post("users", json=USER | {"username": "joe", field: value})

    assert response.status_code == 400
    assert [message["field"] for message in response.json()["schemaValidationErrors"]] == [named]
