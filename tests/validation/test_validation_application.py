"""Validation as an application sees it: scanned, started, used."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from pyfly.container import BeanGraphError
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import InvalidResultException
from tests.validation.shop.users import Notes, User, UserRepository, Users


@pyfly_application(name="shop", scan_packages=["tests.validation.shop"])
class Shop:
    """The application of these tests."""


@pyfly_application(name="broken", scan_packages=["tests.validation.broken"])
class Broken:
    """An application whose annotations cannot be checked."""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "pyfly.yaml"
    file.write_text("pyfly:\n  banner:\n    mode: 'OFF'\n")
    return file


@pytest.fixture
async def app(settings: Path) -> AsyncIterator[PyFlyApplication]:
    async with PyFlyApplication(Shop, config_path=settings) as app:
        yield app


@pytest.fixture
def users(app: PyFlyApplication) -> Users:
    return app.context.get_bean(Users)


@pytest.fixture
async def client(app: PyFlyApplication) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app.asgi())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def places(failure: ValidationException) -> list[tuple[object, ...]]:
    return [item["loc"] for item in failure.context["errors"]]  # type: ignore[attr-defined]


async def test_every_argument_of_a_validated_class_is_checked_and_all_errors_come_at_once(
    users: Users,
) -> None:
    with pytest.raises(ValidationException) as caught:
        await users.register({"name": "", "nick": "too long"}, copies=0)  # type: ignore[arg-type]
    assert places(caught.value) == [("user", "name"), ("user", "nick"), ("copies",)]


async def test_arguments_arrive_converted(users: Users) -> None:
    assert await users.register({"name": "bob"}, copies="2") == ["bob", "bob"]  # type: ignore[arg-type]


async def test_a_constraint_with_an_injected_bean_is_asked(app: PyFlyApplication, users: Users) -> None:
    with pytest.raises(ValidationException) as caught:
        await users.rename("ann")
    assert caught.value.context["errors"] == [
        {"type": "unique_name", "loc": ("name",), "msg": "is already taken"}
    ]
    app.context.get_bean(UserRepository).names.clear()
    assert await users.rename("ann") == "ann"


async def test_constraints_on_fields_of_a_model_are_asked_too(users: Users) -> None:
    with pytest.raises(ValidationException) as caught:
        await users.register(User(name="ann"))
    assert places(caught.value) == [("user", "name")]


async def test_calls_through_self_are_checked(users: Users) -> None:
    with pytest.raises(ValidationException, match="copies"):
        await users.register_all(0)


async def test_private_methods_of_a_validated_class_are_left_alone(users: Users) -> None:
    assert users._inside(-1) == -1


async def test_a_wrong_result_is_reported_as_a_mistake_of_the_program(users: Users) -> None:
    assert users.count(5) == 0
    with pytest.raises(InvalidResultException):
        users.count(4)


async def test_single_methods_can_be_marked(app: PyFlyApplication) -> None:
    notes = app.context.get_bean(Notes)
    assert notes.unchecked(0) == 0
    with pytest.raises(ValidationException, match="size"):
        notes.page(0)


async def test_validate_input_and_validator_work_on_bean_methods(app: PyFlyApplication) -> None:
    notes = app.context.get_bean(Notes)
    assert await notes.write({"name": "bob"}) == "bob"  # type: ignore[arg-type]
    with pytest.raises(ValidationException):
        await notes.write({"name": ""})  # type: ignore[arg-type]
    with pytest.raises(ValidationException, match="empty note"):
        await notes.add("")


async def test_a_refused_argument_is_answered_with_422_and_the_fields(client: httpx.AsyncClient) -> None:
    answer = await client.get("/users/page/0")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "VALIDATION_ERROR"
    assert [(item["field"], item["code"]) for item in problem["errors"]] == [("size", "greater_than_equal")]


async def test_a_refused_constraint_of_a_body_is_answered_with_422(client: httpx.AsyncClient) -> None:
    answer = await client.post("/users", json={"name": "ann"})
    assert answer.status_code == 422
    assert [(item["field"], item["code"]) for item in answer.json()["errors"]] == [
        ("user.name", "unique_name")
    ]


async def test_a_body_is_read_for_its_group(client: httpx.AsyncClient) -> None:
    created = await client.post("/users", json={"id": 7, "name": "bob"})
    assert created.json() == {"id": None, "name": "bob"}
    changed = await client.patch("/users/7", json={"nick": "b"})
    assert changed.json() == {"nick": "b"}
    refused = await client.patch("/users/7", json={"nick": "too long"})
    assert refused.status_code == 422
    paths = (await client.get("/openapi.json")).json()["paths"]
    schema = paths["/users"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/UserCreate"}


async def test_a_wrong_result_is_answered_with_500_that_tells_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/users/count/4")
    assert answer.status_code == 500
    assert "count" not in answer.json()["detail"]


async def test_everything_that_cannot_be_checked_is_reported_before_the_start(settings: Path) -> None:
    with pytest.raises(BeanGraphError) as caught:
        async with PyFlyApplication(Broken, config_path=settings):
            pass
    texts = [problem.diagnosis.what for problem in caught.value.problems]
    assert len(texts) == 3, texts
    assert any("unregistered" in text and "there is no such bean" in text for text in texts)
    assert any("slow" in text and "cannot ask the constraint Slow" in text for text in texts)
    assert any("unreadable" in text and "cannot be validated" in text for text in texts)
