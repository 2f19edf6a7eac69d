"""Versions of an API in booted applications."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import httpx
import pytest

from pyfly.container import rest_controller
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.scanner import scan_module_classes
from pyfly.context.application_context import ApplicationContext
from pyfly.core.config.config import Config
from pyfly.kernel.exceptions import ConflictException
from pyfly.web import api_version, create_app, deprecated_api, get_mapping, idempotent, request_mapping
from pyfly.web.idempotency.mapping import idempotency_of
from tests.web.support import client_for


@rest_controller
@request_mapping("/pets")
class Pets:
    @get_mapping(version="1")
    async def first(self) -> str:
        return "1"

    @get_mapping(version="1.5+")
    async def later(self) -> str:
        return "1.5+"

    @get_mapping(version=["3", "4"])
    async def last(self) -> str:
        return "3 or 4"

    @get_mapping("/all")
    async def everything(self) -> str:
        return "any"

    @get_mapping("/all", version="3+")
    async def newer(self) -> str:
        return "3+"

    @deprecated_api(since=date(2026, 1, 1), sunset=date(2027, 1, 1), link="https://shop.example/gone")
    @get_mapping("/old")
    async def old(self, *, fail: bool = False) -> str:
        if fail:
            raise ConflictException("taken")
        return "old"


@api_version("3")
@deprecated_api()
@rest_controller
@request_mapping("/third")
class Third:
    @get_mapping()
    async def only(self) -> str:
        return "third"


@asynccontextmanager
async def client_of(**settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    values = {f"pyfly.web.versioning.{key.replace('_', '-')}": value for key, value in settings.items()}
    context = ApplicationContext(Config(values))
    for cls in (Pets, Third):
        context.register_bean(cls)
    async with context, client_for(create_app(context=context)) as client:
        yield client


WAYS: list[tuple[dict[str, str], Any]] = [
    ({}, lambda path, version: (path, {"api-version": version})),
    ({"header": "X-API"}, lambda path, version: (path, {"x-api": version})),
    ({"use": "query"}, lambda path, version: (f"{path}?version={version}", {})),
    ({"use": "media-type"}, lambda path, version: (path, {"accept": f"application/json;version={version}"})),
    ({"use": "path"}, lambda path, version: (f"/v{version}{path}", {})),
]


@pytest.mark.parametrize(("settings", "asked"), WAYS, ids=[str(way[0]) for way in WAYS])
async def test_the_nearest_handler_for_a_version_answers(settings: dict[str, str], asked: Any) -> None:
    found = {}
    async with client_of(supported=["2", "5"], **settings) as client:
        for version in ("1", "1.5", "2", "3", "4", "5", "6"):
            path, headers = asked("/pets", version)
            answer = await client.get(path, headers=headers)
            found[version] = answer.json() if answer.is_success else answer.status_code
        path, headers = asked("/third", "1")
        missing = (await client.get(path, headers=headers)).status_code
    unknown = 404 if settings.get("use") == "path" else 400
    assert found == {
        "1": "1", "1.5": "1.5+", "2": "1.5+", "3": "3 or 4", "4": "3 or 4", "5": "1.5+", "6": unknown,
    }  # fmt: skip
    assert missing == 404


async def test_a_request_without_a_version_gets_what_is_for_all_the_default_or_400() -> None:
    async with client_of() as client:
        refused = await client.get("/pets")
        assert (refused.status_code, refused.json()["code"]) == (400, "API_VERSION_REQUIRED")
        assert (await client.get("/pets/all")).json() == "any"
        assert (await client.get("/pets/all", headers={"api-version": "1"})).json() == "any"
        newer = await client.get("/pets/all", headers={"api-version": "4.0"})
        assert (newer.json(), newer.headers["vary"]) == ("3+", "API-Version")
    async with client_of(default="3") as client:
        assert (await client.get("/pets")).json() == "3 or 4"


async def test_an_unknown_version_is_told_which_there_are() -> None:
    async with client_of() as client:
        for version in ("9", "x", "-1", "1" * 5000):
            refused = await client.get("/pets", headers={"api-version": version})
            assert refused.status_code == 400
            assert refused.json()["detail"] == "There is no such version of the API; there are 1, 1.5, 3, 4"


async def test_clients_of_deprecated_routes_are_told_with_every_response() -> None:
    async with client_of() as client:
        for query in ("", "?fail=true", "?fail=what"):
            answer = await client.get(f"/pets/old{query}")
            assert answer.headers["deprecation"] == f"@{int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())}"
            assert answer.headers["sunset"] == "Fri, 01 Jan 2027 00:00:00 GMT"
            assert (
                answer.headers["link"] == '<https://shop.example/gone>; rel="deprecation"; type="text/html"'
            )
        third = await client.get("/third", headers={"api-version": "3"})
        assert third.headers["deprecation"] == "@0"
        assert "deprecation" not in (await client.get("/pets/all")).headers
        document = (await client.get("/openapi.json")).json()
    assert document["paths"]["/pets/old"]["get"]["deprecated"] is True


async def test_versions_in_paths_are_in_the_document() -> None:
    async with client_of(use="path") as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    assert {path for path in paths if path.endswith("/pets")} == {
        f"/v{v}/pets" for v in ("1", "1.5", "3", "4")
    }


@pytest.mark.parametrize("settings", [{"default": "new"}, {"supported": ["1", ""]}], ids=str)
async def test_a_setting_that_is_no_version_stops_the_start(settings: dict[str, Any]) -> None:
    with pytest.raises(BeanCreationException, match="is not a version"):
        async with client_of(**settings):
            pass


def test_mistakes_in_decorators_show_at_once() -> None:
    with pytest.raises(ValueError, match="is not a version"):
        api_version("new")
    with pytest.raises(ValueError, match="before"):
        deprecated_api(since=date(2027, 1, 1), sunset=datetime(2026, 1, 1))  # noqa: DTZ001  # is taken as UTC
    with pytest.raises(ValueError, match="is not a link"):
        deprecated_api(link="https://x>\r\n")


async def test_a_path_without_a_version_is_that_of_the_default_unless_a_handler_without_one_has_it() -> None:
    async with client_of(use="path", default="1.5") as client:
        assert (await client.get("/pets")).json() == "1.5+"
        assert (await client.get("/pets/all")).json() == "any"
        assert (await client.get("/third")).status_code == 404


@rest_controller
class Bare:
    @deprecated_api
    @idempotent
    @get_mapping("/bare")
    async def bare(self) -> str:
        return "bare"


async def test_what_needs_no_arguments_needs_no_parentheses() -> None:
    context = ApplicationContext(Config({}))
    context.container.register(Bare)
    async with context, client_for(create_app(context=context)) as client:
        assert (await client.get("/bare")).headers["deprecation"] == "@0"
    assert idempotency_of(Bare, "bare") is not None


@api_version("1")
@get_mapping("/function")
async def first() -> str:
    return "1"


@deprecated_api
@api_version("2")
@get_mapping("/function")
async def second() -> str:
    return "2"


async def test_functions_have_versions_and_deprecations_too() -> None:
    module = ModuleType("versioned_functions")
    for function in (first, second):
        function.__module__ = module.__name__
        setattr(module, function.__name__, function)
    context = ApplicationContext(Config({"pyfly": {"web": {"versioning": {"use": "header"}}}}))
    for cls in scan_module_classes(module):
        context.container.register(cls)
    async with context, client_for(create_app(context=context)) as client:
        answers = [await client.get("/function", headers={"api-version": version}) for version in "12"]
    assert [answer.json() for answer in answers] == ["1", "2"]
    assert ["deprecation" in answer.headers for answer in answers] == [False, True]


def test_a_version_without_parentheses_is_refused_where_it_is_written() -> None:
    with pytest.raises(TypeError, match=r'@api_version takes a version: write @api_version\("2"\)'):

        @api_version  # type: ignore[arg-type]
        class Wrong: ...
