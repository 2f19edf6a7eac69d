"""Handlers that may return nothing: what they answer is in the document."""

from typing import Annotated

import pytest
from pydantic import BaseModel

from pyfly.web import ResponseEntity, get_mapping, post_mapping, rest_controller
from tests.web.booted import Running, booted


class Pet(BaseModel):
    name: str


PET = {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}


@rest_controller
class Pets:
    @get_mapping("/pets/{name}")
    async def pet(self, name: str) -> Annotated[Pet | None, "perhaps"]:
        return Pet(name=name) if name == "leo" else None

    @get_mapping("/age/{name}")
    async def age(self, name: str) -> int | None:
        return None

    @post_mapping("/pets", status_code=201)
    async def add(self) -> Pet | None:
        return None

    @get_mapping("/entity")
    async def entity(self) -> ResponseEntity[Pet | None]:
        return ResponseEntity(None, 202)


async def answers(running: Running, method: str, path: str) -> dict[str, object]:
    found: dict[str, object] = (await running.document())["paths"][path][method]["responses"]
    return {status: found[status] for status in found if status.startswith("2")}


async def test_nothing_is_204_and_null_is_never_sent() -> None:
    async with booted(Pets) as running:
        pets = [await running.client.get(f"/pets/{name}") for name in ("leo", "max")]
        said = await answers(running, "get", "/pets/{name}")
        age = await answers(running, "get", "/age/{name}")
    assert [(each.status_code, each.text) for each in pets] == [(200, '{"name":"leo"}'), (204, "")]
    assert said == {
        "200": {"description": "Successful response", "content": PET},
        "204": {"description": "No Content"},
    }
    assert age["200"] == {
        "description": "Successful response",
        "content": {"application/json": {"schema": {"type": "integer"}}},
    }


@pytest.mark.parametrize(("method", "path", "status"), [("post", "/pets", 201), ("get", "/entity", 202)])
async def test_a_status_of_its_own_stays(method: str, path: str, status: int) -> None:
    async with booted(Pets) as running:
        answer = await running.client.request(method, path)
        said = await answers(running, method, path)
    assert (answer.status_code, answer.text) == (status, "")
    assert [*said.values()] == [{"description": "Successful response", "content": PET}]
