"""Pets over HTTP, on their own and as those of an owner."""

import datetime as dt

import httpx
import pytest

from conftest import PET, Create

TODAY = dt.datetime.now().astimezone().date()


def test_the_sample_pets_are_there(api: httpx.Client) -> None:
    assert {pet["id"] for pet in api.get("pets").json()} >= set(range(1, 14))
    assert api.get("pets/1").json() == {
        "id": 1,
        "name": "Leo",
        "birthDate": "2010-09-07",
        "type": {"id": 1, "name": "cat"},
        "ownerId": 1,
        "visits": [],
    }


def test_a_new_pet_is_answered_with_its_location(api: httpx.Client, new_owner: Create) -> None:
    owner = new_owner()["id"]

    response = api.post(f"owners/{owner}/pets", json=PET)

    pet = response.json()
    assert response.status_code == 201
    assert pet == PET | {"id": pet["id"], "ownerId": owner, "visits": []}
    assert response.headers["location"] == f"/petclinic/api/pets/{pet['id']}"
    assert api.get(response.url.join(response.headers["location"])).json() == pet
    assert api.get(f"owners/{owner}/pets/{pet['id']}").json() == pet
    assert api.get(f"owners/{owner}").json()["pets"] == [pet]


def test_the_number_of_a_type_decides_and_may_be_sent_as_text(api: httpx.Client, new_owner: Create) -> None:
    owner = new_owner()["id"]

    response = api.post(f"owners/{owner}/pets", json=PET | {"type": {"id": "2", "name": "dragon"}})

    assert response.status_code == 201
    assert response.json()["type"] == {"id": 2, "name": "dog"}


@pytest.mark.parametrize("path", ["pets/{pet}", "owners/{owner}/pets/{pet}"])
def test_an_update_answers_nothing_and_shows_afterwards(
    api: httpx.Client, new_pet: Create, path: str
) -> None:
    pet = new_pet()
    changed = {"name": "Rosy", "birthDate": "2020-02-29", "type": {"id": 2, "name": "dog"}}

    response = api.put(path.format(pet=pet["id"], owner=pet["ownerId"]), json=pet | changed)

    assert response.status_code == 204
    assert api.get(f"pets/{pet['id']}").json() == pet | changed


def test_a_deleted_pet_is_gone_with_its_visits(
    api: httpx.Client, new_owner: Create, new_pet: Create, new_visit: Create
) -> None:
    owner = new_owner()["id"]
    pet = new_pet(owner)["id"]
    visit = new_visit(pet)["id"]

    assert api.delete(f"pets/{pet}").status_code == 204

    assert api.get(f"pets/{pet}").status_code == 404
    assert api.get(f"visits/{visit}").status_code == 404
    assert api.get(f"owners/{owner}").json()["pets"] == []


def test_a_pet_that_is_not_there_is_404(api: httpx.Client) -> None:
    assert api.get("pets/4711").status_code == 404
    assert api.put("pets/4711", json=PET).status_code == 404
    assert api.delete("pets/4711").status_code == 404


def test_a_pet_of_somebody_else_is_404(api: httpx.Client, new_owner: Create) -> None:
    stranger = new_owner()["id"]

    assert api.get(f"owners/{stranger}/pets/1").status_code == 404
    assert api.put(f"owners/{stranger}/pets/1", json=PET).status_code == 404
    assert api.get("pets/1").json()["name"] == "Leo"


def test_a_pet_needs_an_owner_who_is_there(api: httpx.Client) -> None:
    assert api.post("owners/4711/pets", json=PET).status_code == 404
    assert api.get("owners/4711/pets/1").status_code == 404
    assert api.put("owners/4711/pets/1", json=PET).status_code == 404


def test_a_pet_of_an_unknown_type_is_404(api: httpx.Client, new_pet: Create) -> None:
    pet = new_pet()
    unknown = PET | {"type": {"id": 4711, "name": "dragon"}}

    assert api.post(f"owners/{pet['ownerId']}/pets", json=unknown).status_code == 404
    assert api.put(f"pets/{pet['id']}", json=unknown).status_code == 404
    assert api.put(f"owners/{pet['ownerId']}/pets/{pet['id']}", json=unknown).status_code == 404
    assert api.get(f"owners/{pet['ownerId']}").json()["pets"] == [pet]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("name", None, "name"),
        ("name", "x" * 31, "name"),
        ("birthDate", None, "birthDate"),
        ("birthDate", "", "birthDate"),
        ("birthDate", "2010-02-30", "birthDate"),
        ("birthDate", "07/09/2010", "birthDate"),
        ("birthDate", 1283817600, "birthDate"),
        ("birthDate", "1283817600", "birthDate"),
        ("birthDate", str(TODAY + dt.timedelta(days=1)), "birthDate"),
        ("birthDate", str(TODAY - dt.timedelta(days=50 * 366)), "birthDate"),
        ("type", None, "type"),
        ("type", "cat", "type"),
        ("type", {"name": "cat"}, "type.id"),
        ("type", {"id": 1}, "type.name"),
        ("type", {"id": -1, "name": "cat"}, "type.id"),
        ("type", {"id": 1, "name": ""}, "type.name"),
    ],
)
def test_a_field_that_breaks_a_rule_is_named(
    api: httpx.Client, new_pet: Create, field: str, value: object, named: str
) -> None:
    pet = new_pet()

    for response in (
        api.post(f"owners/{pet['ownerId']}/pets", json=PET | {field: value}),
        api.put(f"owners/{pet['ownerId']}/pets/{pet['id']}", json=PET | {field: value}),
        api.put(f"pets/{pet['id']}", json=PET | {field: value}),
    ):
        assert response.status_code == 400
        assert [message["field"] for message in response.json()["schemaValidationErrors"]] == [named]


@pytest.mark.parametrize("age", [0, 50 * 365])
def test_a_pet_may_be_born_today_or_up_to_50_years_ago(new_pet: Create, age: int) -> None:
    birth_date = str(TODAY - dt.timedelta(days=age))

    assert new_pet(birthDate=birth_date)["birthDate"] == birth_date
