"""The page by page lists over HTTP."""

import httpx
import pytest


def test_a_page_of_owners_says_how_many_there_are(api: httpx.Client) -> None:
    page = api.get("v2/owners", params={"page": 1, "size": 3}).json()

    assert [owner["id"] for owner in page["content"]] == [4, 5, 6]
    assert (page["page"], page["size"]) == (1, 3)
    assert page["totalElements"] >= 10
    assert page["totalPages"] == -(-page["totalElements"] // 3)
    assert set(page) == {"content", "page", "size", "totalElements", "totalPages"}


def test_a_page_of_pets_carries_type_and_visits(api: httpx.Client) -> None:
    page = api.get("v2/pets", params={"page": 3, "size": 2}).json()

    assert [pet["id"] for pet in page["content"]] == [7, 8]
    assert page["content"][0] == api.get("pets/7").json()


@pytest.mark.parametrize("path", ["v2/owners", "v2/pets"])
def test_the_first_twenty_come_unasked(api: httpx.Client, path: str) -> None:
    page = api.get(path).json()

    assert (page["page"], page["size"]) == (0, 20)
    assert page["content"][0]["id"] == 1
    assert len(page["content"]) == min(20, page["totalElements"])


def test_owners_are_paged_by_the_beginning_of_the_last_name(api: httpx.Client) -> None:
    page = api.get("v2/owners", params={"lastName": "Davis", "page": 1, "size": 1}).json()

    assert [owner["firstName"] for owner in page["content"]] == ["Harold"]
    assert (page["totalElements"], page["totalPages"]) == (2, 2)


@pytest.mark.parametrize("params", [{"page": 4711}, {"page": 2**31 - 1, "size": 100}])
def test_a_page_behind_the_last_is_empty(api: httpx.Client, params: dict[str, int]) -> None:
    response = api.get("v2/owners", params={"lastName": "Davis", **params})

    assert response.status_code == 200
    assert response.json()["content"] == []
    assert response.json()["totalElements"] == 2


def test_no_owners_are_no_pages(api: httpx.Client) -> None:
    page = api.get("v2/owners", params={"lastName": "Nobody"}).json()

    assert page == {"content": [], "page": 0, "size": 20, "totalElements": 0, "totalPages": 0}


@pytest.mark.parametrize("path", ["v2/owners", "v2/pets"])
@pytest.mark.parametrize("params", [{"page": -1}, {"page": "x"}, {"size": 0}, {"size": 101}, {"size": ""}])
def test_a_page_that_cannot_be_is_400(api: httpx.Client, path: str, params: dict[str, int | str]) -> None:
    response = api.get(path, params=params)

    assert response.status_code == 400
    assert [message["field"] for message in response.json()["schemaValidationErrors"]] == list(params)
