"""Routes that are plain functions of a module, found by the scan."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pyfly.container import Container
from pyfly.container.interception import MethodInterceptor, MethodTarget, Wrapper
from pyfly.container.scanner import scan_package
from pyfly.core.application import PyFlyApplication
from pyfly.web.metadata import metadata_of
from pyfly.web.routing.description import describe
from tests.web.pages import PagesApplication
from tests.web.support import client_for

SETTINGS = ["--pyfly.web.templates.location=package:tests.web.pages/templates", "--pyfly.banner.mode=OFF"]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    application = PyFlyApplication(PagesApplication, tmp_path, args=SETTINGS)
    async with application, client_for(application.asgi()) as found:
        yield found


async def test_functions_answer_with_injection_and_validation(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/owners")).json() == [{"id": 1, "name": "<Ann>"}]
    assert (await client.get("/api/owners?name=x")).json() == []
    assert (await client.get("/api/owners/1")).json()["name"] == "<Ann>"
    assert (await client.get("/api/owners/2")).status_code == 204


async def test_a_scanned_resolver_with_dependencies_makes_parameters(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/caller", headers={"x-caller": "!"})).json() == "<Ann>!"


async def test_a_function_answers_with_a_view(client: httpx.AsyncClient) -> None:
    assert (await client.get("/about")).text == "<h1>About &lt;us&gt;</h1>"


async def test_functions_are_documented_like_methods(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/api/owners"]["get"]
    assert (operation["tags"], operation["summary"]) == (["owners"], "Find owners.")
    assert [item["name"] for item in operation["parameters"]] == ["name"]


def test_the_functions_of_a_module_are_a_bean_for_data_and_one_for_views() -> None:
    container = Container()
    scan_package("tests.web.pages", container)
    names = {item.name: item.stereotype for item in container.definitions()}
    assert names["tests.web.pages.owners.rest_controller"] == "rest_controller"
    assert names["tests.web.pages.owners.controller"] == "controller"
    routes = [metadata_of(item.plan) for item in describe(container).routes]
    assert {"/api/owners", "/api/owners/{owner_id:int}", "/about", "/owners"} <= {
        item.path for item in routes
    }


async def test_advice_reaches_functions_too() -> None:
    calls: list[str] = []

    class Counting(MethodInterceptor):
        def intercept(self, target: MethodTarget) -> Wrapper | None:
            if target.name != "all_owners":
                return None

            def wrap(following: Any) -> Any:
                async def counted(first: Any, *args: Any, **kwargs: Any) -> Any:
                    calls.append(target.name)
                    return await following(first, *args, **kwargs)

                return counted

            return wrap

    container = Container()
    scan_package("tests.web.pages", container)
    container.register(Counting)
    container.assembly.interceptors = [Counting()]
    from pyfly.core.config.config import Config
    from tests.web.support import assembled

    config = Config({"pyfly": {"web": {"templates": {"location": "package:tests.web.pages/templates"}}}})
    async with client_for(assembled(container, config=config).dispatch) as client:
        await client.get("/api/owners")
    assert calls == ["all_owners"]
