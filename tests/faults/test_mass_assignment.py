"""Over-posted bodies: whatever clients add to a body, only the fields that its model declares reach the row."""

import random
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import Body, Form, PathVar, QueryParam, Valid, post_mapping, put_mapping
from tests.faults.conftest import Tally

CASES = 200
SECRETS = ("id", "version", "role", "roles", "is_admin", "owner_id", "created_at", "address")
TRICKS = (
    "__class__", "__dict__", "__init__", "model_config", "model_fields_set", "__pydantic_extra__", "self", "cls",
    "Name", "NAME", "name ", "na\u006de\u200b", "role.name", "role[name]", "$set", "constructor", "prototype",
)  # fmt: skip


@dataclass
class Row:
    id: int = 1
    version: int = 1
    role: str = "user"
    name: str = ""
    tags: list[str] = field(default_factory=list)
    address: dict[str, Any] = field(default_factory=lambda: {"city": "", "verified": False})


class NewAddress(BaseModel):
    city: str = ""


class NewUser(BaseModel):
    name: str
    tags: list[str] = []
    address: NewAddress = NewAddress()


class NewForm(BaseModel):
    name: str
    tags: list[str] = []


rows: list[Row] = []


def _store(said: BaseModel) -> None:
    values = said.model_dump()
    row = Row()
    address = {**row.address, **values.pop("address", {})}
    rows.append(Row(**{**asdict(row), **values, "address": address}))


@rest_controller
class Users:
    @post_mapping("/users")
    async def create(self, user: NewUser) -> None:
        _store(user)

    @put_mapping("/users/{user_id}")
    async def update(self, user_id: PathVar[int], user: Valid[Body[NewUser]]) -> None:
        _store(user)

    @post_mapping("/forms")
    async def form(self, user: Form[NewForm]) -> None:
        _store(user)

    @post_mapping("/query")
    async def query(self, user: QueryParam[NewForm]) -> None:
        _store(user)


@pyfly_application(name="users", scan_packages=["tests.faults.test_mass_assignment"])
class UsersApplication:
    pass


def _over(chance: random.Random) -> dict[str, Any]:
    names = chance.sample(SECRETS[:-1] + TRICKS, chance.randint(1, 6))
    values: list[Any] = ["admin", 0, -1, True, None, {"name": "admin"}, ["admin"], {"$ne": 1}]
    return {name: chance.choice(values) for name in names}


def _flat(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if isinstance(value, str | int | bool)}


async def _post(client: httpx.AsyncClient, case: int, chance: random.Random) -> httpx.Response:
    over, known = _over(chance), {"name": "Ann", "tags": ["a"]}
    if case % 4 == 0:
        return await client.post(
            "/users", json={**over, **known, "address": {**_over(chance), "city": "Rome"}}
        )
    if case % 4 == 1:
        return await client.put(
            f"/users/{case}", json={**known, **over, "address": {**_over(chance), "city": "Rome"}}
        )
    if case % 4 == 2:
        return await client.post("/forms", data={**_flat(over), **known})
    return await client.post("/query", params={**_flat(over), **known})


@pytest.mark.parametrize("policy", ["ignore", "forbid"])
async def test_only_declared_fields_reach_the_row(policy: str, tmp_path: Path, tally: Tally) -> None:
    rows.clear()
    chance = random.Random(16)
    arguments = [f"--pyfly.web.binding.unknown-fields={policy}", "--pyfly.banner.mode=OFF"]
    application = PyFlyApplication(UsersApplication, tmp_path, args=arguments)
    async with application:
        transport = httpx.ASGITransport(application.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answers = [await _post(client, case, chance) for case in range(CASES)]
    tally(CASES, 0)
    statuses = [{answer.status_code for answer in answers[kind::4]} for kind in range(4)]
    if policy == "forbid":
        # A form or a query holds texts alone: what is left of an over-posted one may be nothing.
        assert statuses == [{422}, {422}, {204, 422}, {204}]
    else:
        assert statuses == [{204}] * 4
        assert len(rows) == CASES
    expected = {"id": 1, "version": 1, "role": "user", "name": "Ann", "tags": ["a"]}
    for row in rows:
        found = asdict(row)
        address = found.pop("address")
        assert found == expected
        assert address in ({"city": "Rome", "verified": False}, {"city": "", "verified": False})
