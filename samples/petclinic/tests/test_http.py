"""What HTTP offers besides the data: entity tags, and pages of other origins."""

import httpx
import pytest

from conftest import OWNER, Create


@pytest.mark.parametrize("path", ["owners", "owners/1", "v2/owners", "v2/pets", "vets/3", "visits"])
def test_what_has_not_changed_is_not_sent_again(api: httpx.Client, path: str) -> None:
    tag = api.get(path).headers["etag"]

    response = api.get(path, headers={"If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == tag


def test_what_has_changed_has_another_tag(api: httpx.Client, new_owner: Create) -> None:
    path = f"owners/{new_owner()['id']}"
    tag = api.get(path).headers["etag"]
    assert api.put(path, json=OWNER | {"city": "Manaus"}).status_code == 204

    response = api.get(path, headers={"If-None-Match": tag})

    assert response.status_code == 200
    assert response.json()["city"] == "Manaus"
    assert response.headers["etag"] != tag


def test_a_front_end_may_come_from_another_origin(api: httpx.Client) -> None:
    origin = {"Origin": "http://localhost:4200"}

    asked = api.options("owners/1", headers={**origin, "Access-Control-Request-Method": "PUT"})
    assert asked.status_code in (200, 204)
    assert asked.headers["access-control-allow-origin"] in ("*", origin["Origin"])
    assert "PUT" in asked.headers["access-control-allow-methods"]
    for path in ("owners/1", "owners/4711"):
        answer = api.get(path, headers=origin)
        assert answer.headers["access-control-allow-origin"] in ("*", origin["Origin"])
        assert "etag" in answer.headers["access-control-expose-headers"].lower()
