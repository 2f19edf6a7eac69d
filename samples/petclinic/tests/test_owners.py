"""Owners over HTTP."""

import httpx
import pytest

from conftest import OWNER, Create


def test_the_sample_owners_are_there(api: httpx.Client) -> None:
    george = api.get("owners/1").json()

    assert george | {"pets": []} == {
        "id": 1,
        "firstName": "George",
        "lastName": "Franklin",
        "address": "110 W. Liberty St.",
        "city": "Madison",
        "telephone": "6085551023",
        "pets": [],
    }
    assert [pet["name"] for pet in george["pets"]] == ["Leo"]
    assert {owner["id"] for owner in api.get("owners").json()} >= set(range(1, 11))


def test_an_owner_comes_with_pets_by_name_and_their_visits_latest_first(api: httpx.Client) -> None:
    jean = api.get("owners/6").json()

    assert [pet["name"] for pet in jean["pets"]] == ["Max", "Samantha"]
    assert jean["pets"][1] == {
        "id": 7,
        "name": "Samantha",
        "birthDate": "2012-09-04",
        "type": {"id": 1, "name": "cat"},
        "ownerId": 6,
        "visits": [
            {"id": 4, "petId": 7, "date": "2013-01-04", "description": "spayed"},
            {"id": 1, "petId": 7, "date": "2013-01-01", "description": "rabies shot"},
        ],
    }


@pytest.mark.parametrize(
    ("last_name", "first_names"),
    [
        ("Davis", {"Betty", "Harold"}),
        ("Es", {"Maria", "Carlos"}),
        ("avis", set()),
        ("%", set()),
        ("_", set()),
    ],
)
def test_owners_are_found_by_the_beginning_of_the_last_name(
    api: httpx.Client, last_name: str, first_names: set[str]
) -> None:
    response = api.get("owners", params={"lastName": last_name})

    assert response.status_code == 200
    assert {owner["firstName"] for owner in response.json()} == first_names


def test_a_last_name_that_no_database_can_keep_is_refused_as_the_document_says(api: httpx.Client) -> None:
    assert api.get("owners", params={"lastName": "Da\0vis"}).status_code == 400


def test_a_new_owner_is_answered_with_its_location(api: httpx.Client) -> None:
    response = api.post("owners", json=OWNER)

    owner = response.json()
    assert response.status_code == 201
    assert owner == OWNER | {"id": owner["id"], "pets": []}
    assert response.headers["location"] == f"/petclinic/api/owners/{owner['id']}"
    assert api.get(response.url.join(response.headers["location"])).json() == owner


def test_what_is_read_only_is_ignored_when_sent(api: httpx.Client) -> None:
    response = api.post("owners", json=OWNER | {"id": 1, "pets": [{"name": "Rex"}]})

    assert response.status_code == 201
    assert response.json()["id"] != 1
    assert response.json()["pets"] == []


def test_an_update_answers_nothing_and_shows_afterwards(api: httpx.Client, new_owner: Create) -> None:
    owner = new_owner()

    response = api.put(f"owners/{owner['id']}", json=OWNER | {"lastName": "Medeiros Jr.", "city": "Eldamar"})

    assert response.status_code == 204
    assert api.get(f"owners/{owner['id']}").json() == owner | {"lastName": "Medeiros Jr.", "city": "Eldamar"}


def test_a_deleted_owner_is_gone_with_pets_and_visits(
    api: httpx.Client, new_owner: Create, new_pet: Create, new_visit: Create
) -> None:
    owner = new_owner()["id"]
    pet = new_pet(owner)["id"]
    visit = new_visit(pet)["id"]

    assert api.delete(f"owners/{owner}").status_code == 204

    assert api.get(f"owners/{owner}").status_code == 404
    assert api.get(f"pets/{pet}").status_code == 404
    assert api.get(f"visits/{visit}").status_code == 404


@pytest.mark.parametrize("number", [4711, 0, 2**31 - 1])
def test_an_owner_who_is_not_there_is_404(api: httpx.Client, number: int) -> None:
    assert api.get(f"owners/{number}").status_code == 404
    assert api.put(f"owners/{number}", json=OWNER).status_code == 404
    assert api.delete(f"owners/{number}").status_code == 404


@pytest.mark.parametrize("number", ["-1", "x", "1.5", str(2**31)])
def test_a_number_that_cannot_be_one_is_400(api: httpx.Client, number: str) -> None:
    assert api.get(f"owners/{number}").status_code == 400
    assert api.put(f"owners/{number}", json=OWNER).status_code == 400
    assert api.delete(f"owners/{number}").status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firstName", ""),
        ("firstName", "x" * 31),
        ("firstName", "R2D2"),
        ("firstName", "Anna  Luísa"),
        ("firstName", "A B C D"),
        ("firstName", None),
        ("firstName", 7),
        ("lastName", ""),
        ("lastName", "Owner123"),
        ("lastName", "Medeiros.."),
        ("lastName", "x" * 31),
        ("address", ""),
        ("address", "x" * 256),
        ("city", ""),
        ("city", "x" * 81),
        ("telephone", ""),
        ("telephone", "+5561999"),
        ("telephone", "1" * 21),
    ],
)
def test_a_field_that_breaks_a_rule_is_named(
    api: httpx.Client, new_owner: Create, field: str, value: object
) -> None:
    owner = new_owner()

    for response in (
        api.post("owners", json=OWNER | {field: value}),
        api.put(f"owners/{owner['id']}", json=OWNER | {field: value}),
    ):
        assert response.status_code == 400
        assert [message["field"] for message in response.json()["schemaValidationErrors"]] == [field]
    assert api.get(f"owners/{owner['id']}").json() == owner


@pytest.mark.parametrize("field", list(OWNER))
def test_every_field_is_required(api: httpx.Client, field: str) -> None:
    response = api.post("owners", json={name: value for name, value in OWNER.items() if name != field})

    assert response.status_code == 400
    assert field in response.json()["schemaValidationErrors"][0]["message"]


@pytest.mark.parametrize("name", ["Łukasz", "李", "Jean-Luc", "O'Neil", "Maria da Luz", "Ñ"])
def test_names_may_use_the_letters_of_any_language(api: httpx.Client, name: str) -> None:
    response = api.post("owners", json=OWNER | {"firstName": name, "lastName": f"{name}."})

    assert response.status_code == 201
    assert response.json()["firstName"] == name
