"""Pet types and specialties over HTTP: two lists of names that behave alike."""

import httpx
import pytest

from conftest import Create

LISTS = pytest.mark.parametrize("path", ["pettypes", "specialties"])


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("pettypes", ["cat", "dog", "lizard", "snake", "bird", "hamster"]),
        ("specialties", ["radiology", "surgery", "dentistry"]),
    ],
)
def test_the_sample_names_are_there(api: httpx.Client, path: str, names: list[str]) -> None:
    sample = [{"id": number, "name": name} for number, name in enumerate(names, start=1)]

    assert api.get(path).json()[: len(sample)] == sample
    assert api.get(f"{path}/1").json() == sample[0]


@LISTS
def test_a_new_name_is_answered_with_its_location(api: httpx.Client, path: str) -> None:
    response = api.post(path, json={"name": "axolotl"})

    created = response.json()
    assert response.status_code == 201
    assert created == {"id": created["id"], "name": "axolotl"}
    assert response.headers["location"] == f"/petclinic/api/{path}/{created['id']}"
    assert api.get(response.url.join(response.headers["location"])).json() == created


@LISTS
def test_an_update_answers_nothing_and_shows_afterwards(api: httpx.Client, path: str) -> None:
    number = api.post(path, json={"name": "axolotl"}).json()["id"]

    assert api.put(f"{path}/{number}", json={"id": number, "name": "newt"}).status_code == 204

    assert api.get(f"{path}/{number}").json() == {"id": number, "name": "newt"}


@LISTS
def test_a_deleted_name_is_gone(api: httpx.Client, path: str) -> None:
    number = api.post(path, json={"name": "axolotl"}).json()["id"]

    assert api.delete(f"{path}/{number}").status_code == 204

    assert api.get(f"{path}/{number}").status_code == 404
    assert api.delete(f"{path}/{number}").status_code == 404


@LISTS
def test_a_name_that_is_not_there_is_404(api: httpx.Client, path: str) -> None:
    assert api.get(f"{path}/4711").status_code == 404
    assert api.put(f"{path}/4711", json={"id": 4711, "name": "newt"}).status_code == 404
    assert api.delete(f"{path}/4711").status_code == 404


@LISTS
@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "x" * 81}, {"name": None}, {"name": 7}, {}, [], "newt"]
)
def test_a_name_that_breaks_a_rule_is_400(api: httpx.Client, path: str, body: object) -> None:
    assert api.post(path, json=body).status_code == 400
    assert api.put(f"{path}/1", json=body).status_code == 400
    assert api.get(f"{path}/1").json()["name"] in {"cat", "radiology"}


def test_a_pet_type_in_use_stays_and_the_answer_is_404(api: httpx.Client, new_pet: Create) -> None:
    number = api.post("pettypes", json={"name": "axolotl"}).json()["id"]
    pet = new_pet(type={"id": number, "name": "axolotl"})

    assert api.delete(f"pettypes/{number}").status_code == 404

    assert api.get(f"pettypes/{number}").status_code == 200
    assert api.delete(f"pets/{pet['id']}").status_code == 204
    assert api.delete(f"pettypes/{number}").status_code == 204


def test_a_deleted_specialty_is_taken_from_its_vets(api: httpx.Client, new_vet: Create) -> None:
    number = api.post("specialties", json={"name": "acupuncture"}).json()["id"]
    vet = new_vet(specialties=[{"id": number, "name": "acupuncture"}, {"name": "surgery"}])

    assert api.delete(f"specialties/{number}").status_code == 204

    assert [item["name"] for item in api.get(f"vets/{vet['id']}").json()["specialties"]] == ["surgery"]
