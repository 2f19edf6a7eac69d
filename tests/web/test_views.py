"""``@controller``: pages made of templates."""

import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from pyfly.container import component, controller
from pyfly.container.exceptions import BeanGraphError
from pyfly.core.config import ConfigurationError
from pyfly.core.config.config import Config
from pyfly.kernel.diagnosis import explain
from pyfly.web import Redirect, TemplateEngine, View, get_mapping, view
from pyfly.web.views.pages import MissingTemplateError, Pages
from tests.web.pages.owners import OwnerPages, Owners
from tests.web.support import assembled, client_for, container_of

PLACE = {"location": "package:tests.web.pages/templates"}


def _config(**settings: Any) -> Config:
    return Config({"pyfly": {"web": {"templates": {**PLACE, **settings}}}})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    assembly = assembled(container_of(OwnerPages, Owners), config=_config())
    async with client_for(assembly.dispatch) as found:
        yield found


async def test_a_page_is_made_of_what_the_handler_returns_and_escaped(client: httpx.AsyncClient) -> None:
    answer = await client.get("/owners")
    assert answer.text == "<p>&lt;Ann&gt;</p>"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_view_has_a_status_and_headers(client: httpx.AsyncClient) -> None:
    answer = await client.get("/owners/9")
    assert (answer.status_code, answer.text) == (404, "<p>There is no owner 9.</p>")
    assert answer.headers["x-missing"] == "1"


async def test_the_length_of_a_page_is_said_once() -> None:
    @controller
    class Copied:
        @get_mapping("/copied")
        async def copied(self) -> View:
            return View("missing", {"id": 1}, headers={"Content-Length": "1", "Transfer-Encoding": "chunked"})

    async with client_for(assembled(container_of(Copied), config=_config()).dispatch) as client:
        answer = await client.get("/copied")
    assert answer.headers.get_list("content-length") == [str(len(answer.content))]
    assert "transfer-encoding" not in answer.headers


async def test_a_string_is_the_name_of_a_view(client: httpx.AsyncClient) -> None:
    assert (await client.get("/owners/new")).text == "<form></form>"


async def test_a_form_is_answered_with_a_redirect(client: httpx.AsyncClient) -> None:
    answer = await client.post("/owners", data={"name": "Bob"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/owners/2?saved=%C3%A9")
    assert (await client.get("/owners/old")).headers["location"] == "/owners"


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "\thttps://evil",
        "/a\r\nX-Evil: 1",
        "evil",
        "/\t/evil",
        "",
    ],
)
async def test_a_redirect_never_leads_to_another_server(client: httpx.AsyncClient, to: str) -> None:
    answer = await client.get("/owners/evil", params={"to": to})
    assert answer.status_code == 500
    assert "location" not in answer.headers


@pytest.mark.parametrize(
    "name", ["../__init__.py", "..%2f__init__.py", "/etc/passwd", "owners/../../owners.py", "nowhere"]
)
async def test_a_name_leads_to_no_other_file(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get("/owners/any", params={"name": name})
    assert answer.status_code == 500
    assert "import" not in answer.text


async def test_pages_are_not_part_of_the_document(client: httpx.AsyncClient) -> None:
    assert "/owners" not in (await client.get("/openapi.json")).json()["paths"]


async def test_templates_come_from_a_directory_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "plain.txt").write_text("{{ who }}")
    (tmp_path / "pyfly.yaml").write_text("pyfly: {web: {templates: {location: pages}}}")

    @controller
    class Plain:
        @get_mapping("/plain")
        @view("plain.txt")
        async def plain(self) -> dict[str, Any]:
            return {"who": "<Ann>"}

    assembly = assembled(container_of(Plain), config=Config.from_file(tmp_path / "pyfly.yaml"))
    async with client_for(assembly.dispatch) as client:
        assert (await client.get("/plain")).text == "<Ann>"


async def test_what_a_template_shows_must_be_there_unless_told_otherwise() -> None:
    @controller
    class Lists:
        @get_mapping("/list")
        @view("owners/list")
        async def list(self) -> dict[str, Any]:
            return {}

    for strict, status in ((True, 500), (False, 200)):
        assembly = assembled(container_of(Lists), config=_config(strict=strict))
        async with client_for(assembly.dispatch) as client:
            assert (await client.get("/list")).status_code == status


def test_a_template_that_does_not_exist_stops_the_start() -> None:
    @controller
    class Broken:
        @get_mapping("/x")
        @view("owners/lst")
        async def page(self) -> dict[str, Any]:
            return {}

    with pytest.raises(MissingTemplateError) as caught:
        assembled(container_of(Broken), config=_config())
    found = explain(caught.value)
    assert found is not None
    assert found.what == "There is no template 'owners/lst', which Broken.page is decorated with."


@pytest.mark.parametrize(
    "location", ["nowhere", "package:no.such.package", "package:tests.web.pages/nothing"]
)
def test_a_place_without_templates_stops_the_start(location: str) -> None:
    with pytest.raises(ConfigurationError, match="Templates cannot be found"):
        assembled(container_of(OwnerPages, Owners), config=_config(location=location))


def test_a_controller_that_returns_data_stops_the_start() -> None:
    @controller
    class Data:
        @get_mapping("/x")
        async def page(self) -> list[int]:
            return []

    with pytest.raises(BeanGraphError, match="use @rest_controller for data"):
        assembled(container_of(Data), config=_config())


async def test_an_engine_of_the_application_takes_the_place_of_jinja() -> None:
    @component
    class Shouting(TemplateEngine):
        def render(self, name: str, model: Mapping[str, Any], /) -> str:
            return name.upper()

        def exists(self, name: str, /) -> bool:
            return True

    assembly = assembled(container_of(OwnerPages, Owners, Shouting))
    async with client_for(assembly.dispatch) as client:
        assert (await client.get("/owners")).text == "OWNERS/LIST"


async def test_a_page_that_takes_long_is_made_in_another_thread() -> None:
    threads: list[bool] = []
    times = iter([0.0, 0.0001, 1.0, 1.5, 2.0, 2.0001, 3.0, 3.0001])

    class Engine:
        def render(self, name: str, model: Mapping[str, Any], /) -> str:
            threads.append(threading.current_thread() is threading.main_thread())
            return name

        def exists(self, name: str, /) -> bool:
            return True

    async def run_sync(function: Any, *args: Any) -> Any:
        import asyncio

        return await asyncio.to_thread(function, *args)

    class Plan:
        class view:  # noqa: N801
            template = "x"

        status_code = 200

    page = Pages(Engine(), run_sync, lambda: next(times)).of(Plan)  # type: ignore[arg-type]
    for _ in range(4):
        await page({}, {})
    assert threads == [False, True, False, True]


def test_a_redirect_keeps_to_the_application() -> None:
    assert Redirect("/owners/1?x=1#y").status == 303
    with pytest.raises(ValueError, match="starts with one slash"):
        Redirect("//evil")
