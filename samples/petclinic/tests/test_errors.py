"""The form of every error response."""

import datetime as dt
import re
import sqlite3
from pathlib import Path

import httpx
import pytest

from conftest import OWNER, Open

FIELDS = {"type", "title", "status", "detail", "timestamp", "schemaValidationErrors"}


def test_an_error_has_six_fields_and_names_the_url(api: httpx.Client) -> None:
    before = dt.datetime.now(dt.UTC)
    response = api.get("owners/4711", params={"a": "b"})

    problem = response.json()
    assert set(problem) == FIELDS
    assert problem["type"] == str(api.base_url.join("owners/4711"))
    assert problem["title"] == "ResourceNotFoundException"
    assert problem["status"] == 404
    assert problem["detail"] == "There is no owner 4711."
    assert before <= dt.datetime.fromisoformat(problem["timestamp"]) <= dt.datetime.now(dt.UTC)
    assert problem["schemaValidationErrors"] == []


def test_oops_always_fails(api: httpx.Client) -> None:
    response = api.get("oops")

    assert response.status_code == 400
    assert set(response.json()) == FIELDS


def test_all_broken_rules_are_told_at_once(api: httpx.Client) -> None:
    response = api.post("owners", json=OWNER | {"firstName": "", "telephone": "none"})

    assert response.status_code == 400
    messages = response.json()["schemaValidationErrors"]
    assert {message["field"] for message in messages} >= {"firstName", "telephone"}
    assert all(message["message"] for message in messages)


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ('{"firstName": ', "application/json", 400),
        ("", "application/json", 400),
        ("null", "application/json", 400),
        ("[]", "application/json", 400),
        (b'{"firstName": "\xff"}', "application/json", 400),
        ("an owner", "text/plain", 415),
    ],
)
def test_a_body_that_cannot_be_read_is_the_clients_fault(
    api: httpx.Client, content: str | bytes, media_type: str, status: int
) -> None:
    response = api.post("owners", content=content, headers={"content-type": media_type})

    assert response.status_code == status
    assert set(response.json()) == FIELDS


@pytest.mark.parametrize("path", ["owner", "owners/1/cats", "v2/vets", "/petclinic", "/api/owners", "/"])
def test_an_unknown_path_is_404_in_the_same_form(api: httpx.Client, path: str) -> None:
    response = api.get(api.base_url.join(path))

    assert response.status_code == 404
    assert set(response.json()) == FIELDS


@pytest.mark.parametrize(("verb", "path"), [("PATCH", "owners/1"), ("DELETE", "owners"), ("PUT", "users")])
def test_an_unknown_verb_is_405_and_tells_the_known_ones(api: httpx.Client, verb: str, path: str) -> None:
    response = api.request(verb, path)

    assert response.status_code == 405
    assert response.headers["allow"]
    assert set(response.json()) == FIELDS


def test_a_failure_inside_tells_nothing_of_the_inside(clinic: Open, tmp_path: Path) -> None:
    with clinic(tmp_path / "petclinic.db") as api:
        database = sqlite3.connect(tmp_path / "petclinic.db")
        database.execute("DROP TABLE visits")
        database.close()

        response = api.get("visits")

    assert response.status_code >= 500
    assert set(response.json()) == FIELDS
    assert not {"visits", "SELECT", "Exception"} & set(re.findall(r"\w+", response.json()["title"]))
    assert not {"visits", "SELECT", "Exception"} & set(re.findall(r"\w+", response.json()["detail"]))
