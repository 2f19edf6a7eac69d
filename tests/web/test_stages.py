"""What runs around every request: order, limits, hosts, proxies, the access log, observers."""

import logging
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pyfly.container import service
from pyfly.core.config import Config
from pyfly.core.config.errors import ConfigurationError
from pyfly.web import (
    Request,
    RequestObserver,
    ResponseStatusException,
    Stage,
    StageSource,
    get_mapping,
    rest_controller,
)
from pyfly.web.ports.stages import Respond
from pyfly.web.responses import RawHeaders, Receive, Reply, Scope
from pyfly.web.stages import hosts
from pyfly.web.stages.built_in import BUILT_IN
from pyfly.web.stages.parts import Parts
from pyfly.web.stages.proxies import check_of
from tests.web.support import client_of


def settings(**web: Any) -> Config:
    return Config({"pyfly": {"web": {key.replace("_", "-"): value for key, value in web.items()}}})


def client(*classes: type, **web: Any) -> Any:
    config = settings(**web)
    from pyfly.web import WebProperties

    return client_of(*classes, properties=config.bind(WebProperties), config=config)


@rest_controller
class Pages:
    @get_mapping("/pages/{name:str}")
    async def page(self, name: str, request: Request) -> str:
        return f"{name} {request.client.host if request.client else ''} {request.url}"

    @get_mapping("/id")
    async def transaction(self, request: Request) -> str:
        return str(request.state.transaction_id)

    @get_mapping("/teapot")
    async def teapot(self) -> None:
        raise ResponseStatusException(418)

    @get_mapping("/broken")
    async def broken(self) -> None:
        raise RuntimeError("canary-secret")


def test_the_list_of_stages_is_in_the_order_in_which_they_run() -> None:
    assert [item.order for item in BUILT_IN] == sorted(item.order for item in BUILT_IN)
    assert len({item.order for item in BUILT_IN}) == len(BUILT_IN)


async def test_a_handler_finds_the_id_of_its_request_in_the_state() -> None:
    async with client(Pages) as http:
        answer = await http.get("/id", headers={"x-request-id": "abc-1"})
    assert (answer.json(), answer.headers["x-transaction-id"]) == ("abc-1", "abc-1")


class Noting(StageSource):
    trail: ClassVar[list[str]] = []

    def stages(self, parts: Parts) -> Iterable[Stage]:
        def around(name: str) -> Any:
            def put(respond: Respond) -> Respond:
                async def noting(scope: Scope, receive: Receive) -> Reply:
                    self.trail.append(name)
                    return await respond(scope, receive)

                return noting

            return put

        def check(scope: Scope) -> None:
            self.trail.append("check")
            if scope["path"] == "/refused":
                raise ResponseStatusException(403)

        def headers(scope: Scope, headers: RawHeaders) -> None:
            headers.append((b"x-stage", scope["path"].encode()))

        def done(scope: Scope, status: int, seconds: float) -> None:
            self.trail.append(f"done {status}")

        yield Stage("inner", 20, around=around("inner"))
        yield Stage("outer", 10, check=check, around=around("outer"), headers=headers, done=done)


async def test_beans_contribute_stages_which_run_by_order() -> None:
    Noting.trail = []
    async with client(Pages, Noting) as http:
        answer = await http.get("/nowhere")
        assert (answer.status_code, answer.headers["x-stage"]) == (404, "/nowhere")
        assert Noting.trail == ["check", "outer", "inner", "done 404"]
        assert (await http.get("/refused")).status_code == 403
        assert Noting.trail[4:] == ["check", "done 403"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/pages/" + "x" * 8000, {}, 200),
        ("/pages/" + "x" * 8200, {}, 414),
        ("/pages/x?q=" + "x" * 8200, {}, 414),
        ("/pages/x", {f"h{i}": "x" for i in range(90)}, 200),
        ("/pages/x", {f"h{i}": "x" for i in range(101)}, 431),
        ("/pages/x", {"h": "x" * 33_000}, 431),
    ],
)
async def test_urls_and_headers_beyond_the_limits_are_refused(
    path: str, headers: dict[str, str], status: int
) -> None:
    async with client(Pages) as http:
        assert (await http.get(path, headers=headers)).status_code == status


async def test_limits_can_be_set_and_switched_off() -> None:
    async with client(Pages, limits={"url-size": 10}) as http:
        assert (await http.get("/pages/long-name")).status_code == 414
    async with client(Pages, limits={"enabled": False}) as http:
        assert (await http.get("/pages/" + "x" * 9000)).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("shop.example", 200),
        ("SHOP.example:8443", 200),
        ("a.shop.example", 400),
        ("a.b.cdn.example", 200),
        ("cdn.example", 400),
        ("evilcdn.example", 400),
        ("shop.example.evil", 400),
        ("shop.example@evil", 400),
        ("shop.example, evil", 400),
        ("[::1]:80", 200),
        ("", 400),
    ],
)
async def test_only_trusted_hosts_are_served(host: str, status: int) -> None:
    async with client(Pages, trusted_hosts=["shop.example", "*.cdn.example", "[::1]"]) as http:
        answer = await http.get("/pages/x", headers={"host": host})
    assert (answer.status_code, "x-transaction-id" in answer.headers) == (status, True)


def scope_of(peer: str, *headers: tuple[str, str]) -> Scope:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return {
        "type": "http",
        "client": (peer, 1234),
        "scheme": "http",
        "headers": [(b"host", b"inside"), *raw],
    }


def seen(trusted: Iterable[str], scope: Scope, family: str = "x-forwarded") -> tuple[str, str, str]:
    check_of(trusted, family)(scope)
    hosts = [value.decode() for name, value in scope["headers"] if name == b"host"]
    assert len(hosts) == 1
    return scope["client"][0], scope["scheme"], hosts[0]


@pytest.mark.parametrize(
    "entry", ["*", "https://shop.example", "shop.example:8080", "", "a b", "shop.example/"]
)
def test_what_can_be_no_host_stops_the_start(entry: str) -> None:
    with pytest.raises(ConfigurationError, match=r"in pyfly\.web\.trusted-hosts is no host"):
        hosts.check_of([entry])


@pytest.mark.parametrize(
    ("headers", "client_", "scheme", "host"),
    [
        ([], "10.0.0.1", "http", "inside"),
        ([("X-Forwarded-For", "1.2.3.4")], "1.2.3.4", "http", "inside"),
        ([("X-Forwarded-For", "6.6.6.6, 1.2.3.4")], "1.2.3.4", "http", "inside"),
        ([("X-Forwarded-For", "6.6.6.6, 1.2.3.4, 10.0.0.9")], "1.2.3.4", "http", "inside"),
        ([("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "1.2.3.4")], "1.2.3.4", "http", "inside"),
        ([("X-Forwarded-For", "10.0.0.3, 10.0.0.4")], "10.0.0.3", "http", "inside"),
        ([("X-Forwarded-For", "[2001:db8::1]:4711")], "2001:db8::1", "http", "inside"),
        ([("X-Forwarded-For", "1.2.3.4:80")], "1.2.3.4", "http", "inside"),
        ([("X-Forwarded-For", "<script>")], "10.0.0.1", "http", "inside"),
        ([("X-Forwarded-Proto", "https")], "10.0.0.1", "https", "inside"),
        ([("X-Forwarded-Proto", "javascript")], "10.0.0.1", "http", "inside"),
        ([("X-Forwarded-Proto", "http, https"), ("X-Forwarded-For", "6.6.6.6, 1.2.3.4")], "1.2.3.4", "https", "inside"),
        ([("X-Forwarded-Host", "shop.example")], "10.0.0.1", "http", "shop.example"),
        ([("X-Forwarded-Host", "evil\r\nx")], "10.0.0.1", "http", "inside"),
        ([("Forwarded", "for=1.2.3.4;proto=https;host=shop.example")], "1.2.3.4", "https", "shop.example"),
        ([("Forwarded", 'for="[2001:db8::1]:80"; Proto=https')], "2001:db8::1", "https", "inside"),
        ([("Forwarded", "for=6.6.6.6;host=evil, for=1.2.3.4;host=shop.example")], "1.2.3.4", "http", "shop.example"),
        ([("Forwarded", "for=_hidden;proto=https")], "10.0.0.1", "https", "inside"),
        ([("Forwarded", 'for="unbalanced')], "10.0.0.1", "http", "inside"),
    ],
)  # fmt: skip
def test_what_the_outermost_untrusted_hop_says_counts(
    headers: list[tuple[str, str]], client_: str, scheme: str, host: str
) -> None:
    family = "forwarded" if headers and headers[0][0] == "Forwarded" else "x-forwarded"
    other = (
        ("X-Forwarded-For", "6.6.6.6") if family == "forwarded" else ("Forwarded", "for=6.6.6.6;host=evil")
    )
    for sent in (headers, [other, *headers]):
        assert seen(["10.0.0.0/8"], scope_of("10.0.0.1", *sent), family) == (client_, scheme, host)


def test_nothing_is_believed_from_a_peer_that_is_not_listed() -> None:
    dice = random.Random(30)
    names = ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-Ip"]
    values = [
        "1.2.3.4",
        "10.0.0.1",
        "https",
        "evil",
        "for=1.2.3.4;proto=https;host=evil",
        "127.0.0.1, ::1",
        "",
    ]
    for _ in range(100):
        headers = [(dice.choice(names), dice.choice(values)) for _ in range(dice.randint(1, 5))]
        peer = dice.choice(["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::2"])
        assert seen(["10.0.0.0/8", "::1"], scope_of(peer, *headers)) == (peer, "http", "inside")


def test_a_mapped_address_is_the_address_that_it_maps() -> None:
    scope = scope_of("::ffff:10.0.0.1", ("X-Forwarded-For", "1.2.3.4"))
    assert seen(["10.0.0.0/8"], scope)[0] == "1.2.3.4"


async def test_trusted_proxies_are_a_setting() -> None:
    forwarded = {
        "x-forwarded-for": "1.2.3.4",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "shop.example",
    }
    async with client(Pages, trusted_proxies=["127.0.0.1"]) as http:
        text = (await http.get("/pages/x", headers=forwarded)).json()
        answer = await http.get("/pages/x", headers=forwarded)
    assert text == "x 1.2.3.4 https://shop.example/pages/x"
    assert "strict-transport-security" in answer.headers


def test_a_proxy_that_is_no_address_stops_the_start() -> None:
    with pytest.raises(ConfigurationError, match="trusted-proxies"):
        check_of(["proxy.example"])


@service
class Counting(RequestObserver):
    def __init__(self) -> None:
        self.seen: list[tuple[Any, ...]] = []

    def request_ended(
        self, method: str, route: str, status: int, seconds: float, failure: Exception | None
    ) -> None:
        assert seconds >= 0
        everything.append((method, route, status, type(failure).__name__))


@service
class Failing(RequestObserver):
    def request_ended(
        self, method: str, route: str, status: int, seconds: float, failure: Exception | None
    ) -> None:
        raise ValueError("broken observer")


everything: list[tuple[Any, ...]] = []


async def test_observers_are_told_the_route_and_a_broken_one_costs_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    everything.clear()
    async with client(Pages, Failing, Counting) as http:
        for path in ("/pages/a", "/pages/b%2Fc", "/nowhere", "/teapot"):
            await http.get(path)
        await http.post("/id")
    assert everything == [
        ("GET", "/pages/{name}", 200, "NoneType"),
        ("GET", "/pages/{name}", 200, "NoneType"),
        ("GET", "", 404, "ResourceNotFoundException"),
        ("GET", "/teapot", 418, "ResponseStatusException"),
        ("POST", "", 405, "MethodNotAllowed"),
    ]
    assert caplog.text.count("Failing failed to observe a request") == 5


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = record.__dict__["pyfly_fields"]
    return found


async def test_each_response_is_one_line_with_route_status_duration_and_id(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "pyfly.web"):
        async with client(Pages, access_log={"exclude": ["/id"]}) as http:
            answers = [await http.get(path) for path in ("/pages/a%0Ab", "/pages/a", "/id", "/broken")]
    lines = [record for record in caplog.records if record.getMessage().startswith("http_request")]
    assert [
        (line.getMessage(), fields_of(line)["path"], fields_of(line)["status_code"]) for line in lines
    ] == [
        ("http_request", "/pages/a\nb", 400),
        ("http_request", "/pages/a", 200),
        ("http_request_failed", "/broken", 500),
    ]
    page, broken = fields_of(lines[1]), fields_of(lines[2])
    assert (page["method"], page["route"]) == ("GET", "/pages/{name}")
    assert page["transaction_id"] == answers[1].headers["x-transaction-id"]
    assert (broken["error_type"], broken["error_id"]) == ("RuntimeError", answers[3].json()["error_id"])


async def test_the_access_log_can_be_switched_off(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "pyfly.web"):
        async with client(Pages, access_log={"enabled": "false"}) as http:
            await http.get("/pages/a")
    assert caplog.records == []


ALONE = """
import asyncio, logging
from pyfly.core import Config
from pyfly.logging import StructlogAdapter
from tests.web.test_stages import Pages, client

async def main():
    StructlogAdapter().configure(Config({"pyfly": {"logging": {"format": "FORMAT"}}}))
    async with client(Pages) as http:
        await http.get("/pages/a")
        logging.getLogger("shop").info("between")
        await http.get("/broken")

asyncio.run(main())
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_lines_are_the_same_and_in_order_when_nobody_else_listens(form: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", ALONE.replace("FORMAT", form)],
        capture_output=True, text=True, timeout=60, check=True, cwd=Path(__file__).parents[2],
    ).stdout  # fmt: skip
    lines = [line for line in said.splitlines() if "pyfly.web" in line or "shop" in line]
    own = [line for line in lines if "http_request" in line or "between" in line]
    assert ["http_request " in own[0] or '"http_request"' in own[0], "between" in own[1]] == [True, True]
    assert "http_request_failed" in own[-1]
    assert "/pages/a" in own[0]
    assert "/pages/{name}" in own[0]
