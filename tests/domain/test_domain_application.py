"""A domain model behind HTTP: its errors become problems with stable codes."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from pyfly.core import PyFlyApplication, pyfly_application


@pyfly_application(name="shop", scan_packages=["tests.domain.shop"])
class Shop:
    """The application of these tests."""


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    file = tmp_path / "pyfly.yaml"
    file.write_text("pyfly:\n  banner:\n    mode: 'OFF'\n")
    async with PyFlyApplication(Shop, config_path=file) as app:
        transport = httpx.ASGITransport(app=app.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


async def test_an_illegal_move_is_answered_with_409_and_the_allowed_moves(client: httpx.AsyncClient) -> None:
    answer = await client.put("/orders/1/archived")
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "ILLEGAL_TRANSITION"
    assert problem["detail"] == "'status' cannot go from 'draft' to 'archived'; allowed: 'active'"
    assert (await client.put("/orders/1/active")).json() == {"id": 1, "status": "active"}


async def test_a_domain_error_is_a_problem_with_its_code(client: httpx.AsyncClient) -> None:
    answer = await client.get("/orders/-1")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["detail"]) == (
        400,
        "NEGATIVE_NUMBER",
        "Negative number",
    )


async def test_a_domain_error_has_the_status_that_it_names(client: httpx.AsyncClient) -> None:
    problem = (await client.get("/orders/7")).json()
    assert (problem["status"], problem["code"]) == (404, "UNKNOWN_ORDER")


async def test_the_states_are_shown_in_the_openapi_document(client: httpx.AsyncClient) -> None:
    schemas = (await client.get("/openapi.json")).json()["components"]["schemas"]
    status = schemas["OrderView"]["properties"]["status"]
    assert status["enum"] == ["draft", "active", "archived"]
    assert "stateDiagram-v2" in status["x-state-diagram"]
