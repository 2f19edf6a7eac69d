"""Visits over HTTP."""

import datetime as dt

import httpx
import pytest

from conftest import VISIT, Create


def test_the_sample_visits_are_there(api: httpx.Client) -> None:
    assert {visit["id"] for visit in api.get("visits").json()} >= {1, 2, 3, 4}
    assert api.get("visits/2").json() == {
        "id": 2,
        "petId": 8,
        "date": "2013-01-02",
        "description": "rabies shot",
    }


def test_a_new_visit_is_answered_with_its_location(api: httpx.Client, new_pet: Create) -> None:
    pet = new_pet()["id"]

    response = api.post("visits", json=VISIT | {"petId": str(pet)})

    visit = response.json()
    assert response.status_code == 201
    assert visit == VISIT | {"id": visit["id"], "petId": pet}
    assert response.headers["location"] == f"/petclinic/api/visits/{visit['id']}"
    assert api.get(response.url.join(response.headers["location"])).json() == visit
    assert api.get(f"pets/{pet}").json()["visits"] == [visit]


def test_a_new_visit_can_be_added_to_the_pet_of_an_owner(api: httpx.Client, new_pet: Create) -> None:
    pet = new_pet()

    response = api.post(f"owners/{pet['ownerId']}/pets/{pet['id']}/visits", json=VISIT)

    visit = response.json()
    assert response.status_code == 201
    assert visit == VISIT | {"id": visit["id"], "petId": pet["id"]}
    assert response.headers["location"] == f"/petclinic/api/visits/{visit['id']}"
    assert api.get(response.url.join(response.headers["location"])).json() == visit


def test_a_visit_without_a_date_is_today(api: httpx.Client, new_pet: Create) -> None:
    before = dt.datetime.now().astimezone().date()
    visit = api.post("visits", json={"petId": new_pet()["id"], "description": "scratch"}).json()
    after = dt.datetime.now().astimezone().date()

    assert str(before) <= visit["date"] <= str(after)


def test_an_update_answers_nothing_and_shows_afterwards(api: httpx.Client, new_visit: Create) -> None:
    visit = new_visit()
    changed = {"date": "2024-12-24", "description": "ate the tinsel"}

    assert api.put(f"visits/{visit['id']}", json=changed).status_code == 204

    assert api.get(f"visits/{visit['id']}").json() == visit | changed


def test_a_deleted_visit_is_gone_and_its_pet_stays(api: httpx.Client, new_visit: Create) -> None:
    visit = new_visit()

    assert api.delete(f"visits/{visit['id']}").status_code == 204

    assert api.get(f"visits/{visit['id']}").status_code == 404
    assert api.get(f"pets/{visit['petId']}").json()["visits"] == []


def test_a_visit_that_is_not_there_is_404(api: httpx.Client) -> None:
    assert api.get("visits/4711").status_code == 404
    assert api.put("visits/4711", json=VISIT).status_code == 404
    assert api.delete("visits/4711").status_code == 404


def test_a_visit_needs_a_pet_that_is_there(api: httpx.Client, new_owner: Create) -> None:
    assert api.post("visits", json=VISIT | {"petId": 4711}).status_code == 404
    assert api.post("owners/1/pets/4711/visits", json=VISIT).status_code == 404
    assert api.post("owners/4711/pets/1/visits", json=VISIT).status_code == 404
    assert api.post(f"owners/{new_owner()['id']}/pets/1/visits", json=VISIT).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("description", None),
        ("description", ""),
        ("description", "x" * 256),
        ("date", "yesterday"),
        ("date", "2025-13-01"),
        ("date", 20250412),
        ("date", "20250412"),
        ("date", "0"),
    ],
)
def test_a_field_that_breaks_a_rule_is_named(
    api: httpx.Client, new_visit: Create, field: str, value: object
) -> None:
    visit = new_visit()

    for response in (
        api.post("visits", json=VISIT | {"petId": visit["petId"], field: value}),
        api.put(f"visits/{visit['id']}", json=VISIT | {field: value}),
    ):
        assert response.status_code == 400
        assert [message["field"] for message in response.json()["schemaValidationErrors"]] == [field]


def test_a_visit_on_its_own_must_name_its_pet(api: httpx.Client) -> None:
    response = api.post("visits", json=VISIT)

    assert response.status_code == 400
    assert "petId" in response.json()["schemaValidationErrors"][0]["message"]
