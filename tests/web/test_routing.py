"""Finding the handler: templates, precedence, methods, slashes, ids, filters around it."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pyfly.container import component
from pyfly.container.exceptions import BeanGraphError, Problem
from pyfly.kernel.diagnosis import explain
from pyfly.kernel.exceptions import PyFlyException
from pyfly.web import PathVar, WebProperties, delete_mapping, get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette import create_app
from pyfly.web.errors.exceptions import MethodNotAllowed
from pyfly.web.ports.routes import RawRoute, RouteSource
from pyfly.web.properties import TrailingSlash
from pyfly.web.responses import Receive, Reply, Scope
from pyfly.web.routing.request_id import current_request_id, new_request_id
from pyfly.web.routing.router import Router
from pyfly.web.routing.templates import TemplateError, join, parse_template, shape_of, without_converters
from tests.web.booted import application_of, booted
from tests.web.support import assembled, client_for, client_of, container_of


async def nothing(_scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
    return 204, [], b""


def endpoints(*paths: str, method: str = "GET") -> tuple[Router, dict[Any, str]]:
    router, names = Router(), {}
    for path in paths:

        async def endpoint(_scope: Scope, _receive: Receive, _path: tuple[str, ...]) -> Reply:
            return 204, [], b""

        names[endpoint] = path
        router.add(method, path, endpoint)
    return router, names


TEMPLATES = [
    "/",
    "/items",
    "/items/search",
    "/items/{id:int}",
    "/items/{name}",
    "/items/{id:uuid}/tags",
    "/items/{name}/tags/{tag}",
    "/items/new/tags/{tag}",
    "/files/{rest:path}",
    "/prices/{price:float}",
]


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/", "/", ()),
        ("/items", "/items", ()),
        ("/items/search", "/items/search", ()),
        ("/items/42", "/items/{id:int}", ("42",)),
        ("/items/-1", "/items/{id:int}", ("-1",)),
        ("/items/4x", "/items/{name}", ("4x",)),
        ("/items/new/tags/a", "/items/new/tags/{tag}", ("a",)),
        ("/items/old/tags/a", "/items/{name}/tags/{tag}", ("old", "a")),
        (
            "/items/9b2b38b7-66c0-4bd1-b8d5-4df8e4a1b5a1/tags",
            "/items/{id:uuid}/tags",
            ("9b2b38b7-66c0-4bd1-b8d5-4df8e4a1b5a1",),
        ),
        ("/files/a/b.txt", "/files/{rest:path}", ("a/b.txt",)),
        ("/prices/1.5", "/prices/{price:float}", ("1.5",)),
        ("/prices/x", None, ()),
        ("/items/", None, ()),
        ("/items/new/tags", None, ()),
        ("/files/", None, ()),
        ("/items//tags/a", None, ()),
        ("items", None, ()),
    ],
)
def test_the_most_specific_route_takes_the_path(
    path: str, template: str | None, values: tuple[str, ...]
) -> None:
    shuffled = TEMPLATES.copy()
    random.Random(path).shuffle(shuffled)
    router, names = endpoints(*shuffled)
    match = router.find(path)
    assert (match and (names[match[0]["GET"]], match[1])) == (template and (template, values))


@given(
    st.lists(st.sampled_from(["a", "b", "{x}", "{n:int}"]), min_size=1, max_size=4).map(
        lambda p: (
            "/" + "/".join(f"{{v{i}{part[2:]}" if part.startswith("{") else part for i, part in enumerate(p))
        )
    ),
    st.randoms(),
)
def test_a_path_made_from_a_template_is_found(template: str, rng: random.Random) -> None:
    router, names = endpoints(template)
    parts = [
        str(rng.randint(0, 99)) if ":int" in part else rng.choice("abc") if part.startswith("{") else part
        for part in template[1:].split("/")
    ]
    match = router.find("/" + "/".join(parts))
    assert match is not None
    assert names[match[0]["GET"]] == template
    assert list(match[1]) == [
        p for p, t in zip(parts, template[1:].split("/"), strict=True) if t.startswith("{")
    ]


def test_a_less_specific_route_answers_the_methods_that_the_nearest_does_not_know() -> None:
    router = Router()
    router.add("GET", "/items/search", nothing)
    router.add("DELETE", "/items/{id}", nothing)
    assert router.settle(["items", "search"], "DELETE")[1:] == (nothing, ("search",))
    with pytest.raises(MethodNotAllowed) as caught:
        router.settle(["items", "search"], "PUT")
    assert caught.value.headers == {"Allow": "DELETE, GET, HEAD, OPTIONS"}


@pytest.mark.parametrize(
    "path", ["items", "/{a}/{a}", "/{a:path}/b", "/{a:foo}", "/x{a}", "/{}", "/{1a}", "/a}"]
)
def test_a_malformed_template_is_refused(path: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(path)


def test_converters_are_no_part_of_the_documented_path() -> None:
    assert without_converters("/a/{b:int}/{c}") == "/a/{b}/{c}"
    assert shape_of("/a/{b:int}/{c}") == shape_of("/a/{x:int}/{y}") != shape_of("/a/{b}/{c}")


@pytest.mark.parametrize(
    ("base", "path", "whole"),
    [("", "", "/"), ("/a/", "/b", "/a/b"), ("/a", "b", "/a/b"), ("/a", "", "/a"), ("/a", "/", "/a/")],
)
def test_paths_are_joined_with_one_slash(base: str, path: str, whole: str) -> None:
    assert join(base, path) == whole


@rest_controller
class Routes:
    @get_mapping("/things")
    async def things(self) -> list[int]:
        return [1]

    @get_mapping("/folder/")
    async def folder(self) -> str:
        return "folder"

    @get_mapping("/{name}")
    async def named(self, name: PathVar[str]) -> str:
        return name

    @delete_mapping("/things")
    async def clear(self) -> None: ...


async def test_head_answers_like_get_without_the_body() -> None:
    async with client_of(Routes) as client:
        get, head = await client.get("/things"), await client.head("/things")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == "3"


async def test_options_lists_the_methods() -> None:
    async with client_of(Routes) as client:
        answer = await client.options("/things")
    assert (answer.status_code, answer.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS")


async def test_a_slash_too_many_or_too_few_is_redirected() -> None:
    async with client_of(Routes) as client:
        many, few = await client.get("/things/?a=b"), await client.get("/folder")
    # "/folder" is a name, and what is there is not redirected.
    assert (many.status_code, many.headers["location"]) == (308, "/things?a=b")
    assert few.json() == "folder"


async def test_a_redirect_never_leads_to_another_host() -> None:
    async with client_of(Routes) as client:
        answer = await client.get("http://test//evil.example/")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("policy", "status"),
    [(TrailingSlash.STRICT, 404), (TrailingSlash.IGNORE, 200), (TrailingSlash.REDIRECT, 308)],
)
async def test_the_policy_for_slashes_is_configurable(policy: TrailingSlash, status: int) -> None:
    async with client_of(Routes, properties=WebProperties(trailing_slash=policy)) as client:
        assert (await client.get("/things/")).status_code == status


async def test_the_base_path_comes_before_everything() -> None:
    async with client_of(Routes, properties=WebProperties(base_path="/shop")) as client:
        assert (await client.get("/shop/things")).json() == [1]
        assert (await client.get("/things")).status_code == 404
        assert "/shop/things" in (await client.get("/shop/openapi.json")).json()["paths"]


def _controller(path: str, decorate: Callable[..., Any] = get_mapping) -> type:
    async def handle(self: object, id: int = 0) -> None: ...

    return rest_controller(
        type("Some", (), {"handle": decorate(path)(handle), "other": decorate("/y/{a}")(handle)})
    )


def test_two_handlers_for_one_route_stop_the_start_and_are_both_named() -> None:
    async def first(self: object, one: PathVar[int]) -> None: ...

    async def second(self: object, two: PathVar[int]) -> None: ...

    twins = rest_controller(
        type(
            "Twins",
            (),
            {"first": post_mapping("/x/{one}")(first), "second": post_mapping("/x/{two}")(second)},
        )
    )
    with pytest.raises(BeanGraphError) as caught:
        assembled(container_of(twins))
    (problem,) = caught.value.problems
    assert problem.diagnosis.what == "POST /x/{two} is mapped twice."
    assert [line.split(" ")[0] for line in problem.diagnosis.why] == ["Twins.first", "Twins.second"]


@pytest.mark.parametrize("path", ["/docs", "/docs/assets/{any:path}", "/openapi.json"])
def test_a_route_in_the_place_of_a_page_stops_the_start_and_both_are_named(path: str) -> None:
    parameters = {"any": PathVar[str]} if "{" in path else {}

    async def handle(self: object, **given: str) -> None: ...

    handle.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_OR_KEYWORD),
            *(Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in parameters.items()),
        ]
    )
    handle.__annotations__ = parameters
    own = rest_controller(type("Own", (), {"handle": get_mapping(path)(handle)}))
    with pytest.raises(Problem) as caught:
        assembled(container_of(own))
    diagnosis = caught.value.diagnosis
    assert diagnosis.what.endswith("is mapped twice.")
    assert diagnosis.why[0].startswith("Own.handle")
    assert diagnosis.why[1].startswith("pyfly.web.openapi.routes.")
    assert "pyfly.web.docs.enabled" in diagnosis.fix[1]


@pytest.mark.parametrize("path", ["/things", "things", "/{other}"])
async def test_a_route_of_a_source_in_the_place_of_a_mapping_stops_the_start(path: str) -> None:
    @component
    class Late(RouteSource):
        def routes(self) -> list[RawRoute]:
            return [RawRoute("GET", path, nothing)]

    with pytest.raises(Problem) as caught:
        assembled(container_of(Routes, Late))
    owners = [line.split(" ")[0] for line in caught.value.diagnosis.why]
    assert owners == [f"Routes.{'named' if '{' in path else 'things'}", f"{__name__}.nothing"]
    assert caught.value.diagnosis.fix == ("Change the path of one of them.",)


@pytest.mark.parametrize("path", ["/actuator/health", "/docs"])
async def test_a_remedy_names_the_setting_of_what_is_in_the_way(path: str) -> None:
    settings = {"/docs": "pyfly.web.docs.enabled", "/actuator/health": "pyfly.actuator.base-path"}

    @rest_controller
    class Own:
        @get_mapping(path)
        async def handle(self) -> None: ...

    with pytest.raises(PyFlyException, match=f"GET {path} is mapped twice") as caught:
        async with booted(Own):
            pass
    told = str(explain(caught.value))
    assert "Own.handle" in told
    assert [key for key in settings.values() if key in told] == [settings[path]]


@pytest.mark.parametrize("base", ["api", "/{tenant}"])
async def test_a_base_path_that_is_none_stops_the_start_and_its_key_is_named(base: str) -> None:
    with pytest.raises(BeanGraphError) as caught:
        async with booted(Routes, base_path=base):
            pass
    told = str(caught.value.problems[0].diagnosis)
    assert f"pyfly.web.base-path is '{base}'" in told
    assert "Set pyfly.web.base-path" in told


def _found(word: str, *methods: str) -> Route:
    async def answer(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(word)

    return Route("/things", answer, methods=methods)


async def test_other_routes_answer_the_methods_that_those_of_controllers_do_not_know() -> None:
    application = application_of(Routes)
    extra = [_found("put", "PUT"), _found("options", "OPTIONS")]
    app = create_app(context=application.context, extra_routes=extra)
    async with application, client_for(app) as client:
        answers = [await client.request(method, "/things") for method in ("PUT", "GET", "PATCH", "OPTIONS")]
    assert [answer.status_code for answer in answers] == [200, 200, 405, 200]
    assert [answer.text for answer in answers[:2]] == ["put", "[1]"]
    assert answers[2].headers["allow"] == "DELETE, GET, HEAD, OPTIONS"
    assert answers[3].text == "options"


async def test_each_request_has_an_id_that_its_handler_sees() -> None:
    @rest_controller
    class Ids:
        @get_mapping("/id")
        async def id(self) -> str:
            return current_request_id.get()

    async with client_of(Ids) as client:
        answers = [await client.get("/id") for _ in range(2)]
    ids = [answer.headers["x-transaction-id"] for answer in answers]
    assert [answer.json() for answer in answers] == ids
    assert len(set(ids)) == 2
    assert all(len(found) == 36 for found in ids)
    assert current_request_id.get() == ""


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Transaction-Id": "abc-1"}, "abc-1"),
        ({"X-Request-Id": "r.1"}, "r.1"),
        ({"X-Request-Id": "low", "X-Transaction-Id": "high"}, "high"),
        (
            {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
            "0af7651916cd43dd8448eb211c80319c",
        ),
    ],
)
async def test_a_well_formed_id_of_the_client_is_kept(headers: dict[str, str], expected: str) -> None:
    async with client_of(Routes) as client:
        assert (await client.get("/things", headers=headers)).headers["x-transaction-id"] == expected


@pytest.mark.parametrize("sent", ["a b", "x" * 129, "a\tb", "<script>", "", "a:b", "a/b", "a+b=", "a@b", "é"])
async def test_a_malformed_id_of_the_client_is_replaced(sent: str) -> None:
    async with client_of(Routes) as client:
        answer = await client.get("/things", headers=[(b"X-Transaction-Id", sent.encode())])
    assert len(answer.headers["x-transaction-id"]) == 36


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        ("/mounted/names/a%2Fb", 200, '"a/b"'),
        ("/mounted/names/caf%C3%A9", 200, '"café"'),
        ("/mounted/names/plain", 200, '"plain"'),
        ("/mounted/names/a%2Fb/", 308, ""),
        ("/mounted/na%6Des/x", 200, '"x"'),
        ("/mounted/names%2Fx", 404, None),
        ("/mounted/names/%FF", 400, None),
    ],
)
async def test_encoded_paths_are_decoded_part_by_part_below_a_mount_too(
    path: str, status: int, answer: str | None
) -> None:
    @rest_controller
    class Names:
        @get_mapping("/names/{name}")
        async def name(self, name: PathVar[str]) -> str:
            return name

    app = assembled(container_of(Names)).dispatch
    transport = httpx.ASGITransport(app=app, root_path="/mounted")
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        found = await client.get(path)
    assert found.status_code == status
    assert answer is None or found.text == answer
    if status == 308:
        assert found.headers["location"] == "/mounted/names/a%2Fb"


def test_ids_are_uuids_and_none_is_given_out_twice() -> None:
    made = [new_request_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert {(UUID(each).version, str(UUID(each)) == each) for each in made} == {(4, True)}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_child_does_not_give_out_the_ids_of_its_parent() -> None:
    said = subprocess.run(
        [sys.executable, "-c", FORKING], capture_output=True, text=True, timeout=60, check=True
    ).stdout.split()
    assert len(said) == len(set(said)) == 200


FORKING = """
import os
from pyfly.web.routing.request_id import new_request_id

new_request_id()
child = os.fork()
if child:
    os.waitpid(child, 0)
print(*(new_request_id() for _ in range(100)), flush=True)
"""
