"""Vets over HTTP."""

import httpx
import pytest

from conftest import VET, Create


def test_the_sample_vets_are_there_with_their_specialties_by_name(api: httpx.Client) -> None:
    assert {vet["id"] for vet in api.get("vets").json()} >= set(range(1, 7))
    assert api.get("vets/1").json() == {
        "id": 1,
        "firstName": "James",
        "lastName": "Carter",
        "specialties": [],
    }
    assert api.get("vets/3").json()["specialties"] == [
        {"id": 3, "name": "dentistry"},
        {"id": 2, "name": "surgery"},
    ]


def test_a_new_vet_is_answered_with_its_location(api: httpx.Client) -> None:
    response = api.post("vets", json=VET)

    vet = response.json()
    assert response.status_code == 201
    assert vet == VET | {"id": vet["id"]}
    assert response.headers["location"] == f"/petclinic/api/vets/{vet['id']}"
    assert api.get(response.url.join(response.headers["location"])).json() == vet


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ([], []),
        ([{"name": "surgery"}], ["surgery"]),
        ([{"id": "2", "name": "surgery"}, {"name": "dentistry"}], ["dentistry", "surgery"]),
        ([{"id": 1, "name": "radiology"}, {"name": "radiology"}], ["radiology"]),
    ],
)
def test_specialties_are_known_by_number_or_name(
    api: httpx.Client, new_vet: Create, sent: list[object], names: list[str]
) -> None:
    added = new_vet(specialties=sent)
    changed = new_vet()
    assert api.put(f"vets/{changed['id']}", json=VET | {"specialties": sent}).status_code == 204

    for vet in (added, api.get(f"vets/{added['id']}").json(), api.get(f"vets/{changed['id']}").json()):
        assert [specialty["name"] for specialty in vet["specialties"]] == names


@pytest.mark.parametrize("unknown", [{"name": "astrology"}, {"id": 4711, "name": "surgery"}])
def test_an_unknown_specialty_is_404(api: httpx.Client, new_vet: Create, unknown: object) -> None:
    vet = new_vet()

    assert api.post("vets", json=VET | {"specialties": [unknown]}).status_code == 404
    assert (
        api.put(f"vets/{vet['id']}", json=VET | {"lastName": "Doe", "specialties": [unknown]}).status_code
        == 404
    )
    assert api.get(f"vets/{vet['id']}").json() == vet


def test_an_update_answers_nothing_and_shows_afterwards(api: httpx.Client, new_vet: Create) -> None:
    vet = new_vet()

    response = api.put(f"vets/{vet['id']}", json=vet | {"firstName": "James", "specialties": []})

    assert response.status_code == 204
    assert api.get(f"vets/{vet['id']}").json() == vet | {"firstName": "James", "specialties": []}


def test_a_deleted_vet_is_gone_and_the_specialties_stay(api: httpx.Client, new_vet: Create) -> None:
    vet = new_vet()["id"]

    assert api.delete(f"vets/{vet}").status_code == 204

    assert api.get(f"vets/{vet}").status_code == 404
    assert api.get("specialties/1").status_code == 200


def test_a_vet_who_is_not_there_is_404(api: httpx.Client) -> None:
    assert api.get("vets/4711").status_code == 404
    assert api.put("vets/4711", json=VET).status_code == 404
    assert api.delete("vets/4711").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("firstName", "", "firstName"),
        ("firstName", "J4mes", "firstName"),
        ("firstName", "x" * 31, "firstName"),
        ("lastName", None, "lastName"),
        ("lastName", "Carter!", "lastName"),
        ("specialties", None, "specialties"),
        ("specialties", "surgery", "specialties"),
        ("specialties", [{"id": 1}], "specialties.0.name"),
        ("specialties", [{"id": -1, "name": "surgery"}], "specialties.0.id"),
    ],
)
def test_a_field_that_breaks_a_rule_is_named(
    api: httpx.Client, new_vet: Create, field: str, value: object, named: str
) -> None:
    vet = new_vet()

    for response in (
        api.post("vets", json=VET | {field: value}),
        api.put(f"vets/{vet['id']}", json=VET | {field: value}),
    ):
        assert response.status_code == 400
        assert [message["field"] for message in response.json()["schemaValidationErrors"]] == [named]
