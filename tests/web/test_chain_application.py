"""Filters, advice, observers and the settings of stages in booted applications."""

from pathlib import Path

import pytest

from pyfly.context.failures import BeanFailure
from pyfly.core import PyFlyApplication
from tests.web.kiosk import Kiosk, Meter
from tests.web.support import client_for

SHOP = "https://shop.example"


def kiosk(path: Path, *settings: str) -> PyFlyApplication:
    arguments = [f"--pyfly.web.{setting}" for setting in settings]
    return PyFlyApplication(Kiosk, path, args=["--pyfly.banner.mode=OFF", *arguments])


async def test_what_a_filter_sets_is_seen_in_the_handler_and_the_other_way_round(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as app, client_for(app.asgi()) as client:
        answer = await client.get("/tickets/1", headers={"x-tenant": "ann"})
        assert (answer.json(), answer.headers["x-seen"]) == ("ann 1", "ann 1")
        assert (await client.get("/blocking", headers={"x-tenant": "ben"})).json() == "ben"
        assert "x-seen" not in (await client.get("/nowhere")).headers


async def test_advice_and_observers_are_found_by_scanning(tmp_path: Path) -> None:
    async with kiosk(tmp_path) as app, client_for(app.asgi()) as client:
        answer = await client.get("/tickets/0")
        await client.get("/nowhere")
        seen = app.context.get_bean(Meter).routes
    assert (answer.status_code, answer.json()) == (409, {"sorry": "sold out"})
    assert seen == [("/tickets/{number}", 409), ("", 404)]


async def test_each_stage_is_a_setting(tmp_path: Path) -> None:
    settings = [
        "cors.enabled=true",
        f"cors.allowed-origins={SHOP}",
        "trusted-hosts=test",
        "limits.url-size=100B",
    ]
    off = ["security-headers.enabled=false", "request-id.enabled=false", "access-log.enabled=false"]
    async with kiosk(tmp_path, *settings, *off) as app, client_for(app.asgi()) as client:
        answer = await client.get("/tickets/1", headers={"origin": SHOP})
        assert answer.headers["access-control-allow-origin"] == SHOP
        assert {"x-frame-options", "x-transaction-id"}.isdisjoint(answer.headers)
        assert (await client.get("/tickets/1", headers={"host": "other"})).status_code == 400
        assert (await client.get("/tickets/1?" + "q" * 100)).status_code == 414


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("cors.allow-credentials=true", "credentials to every origin"),
        ("trusted-proxies=proxy.example", "trusted-proxies"),
    ],
)
async def test_a_setting_that_cannot_be_meant_stops_the_start(
    tmp_path: Path, setting: str, text: str
) -> None:
    with pytest.raises(BeanFailure, match=text):
        async with kiosk(tmp_path, "cors.enabled=true", setting):
            pass


async def test_debug_shows_exceptions_and_is_refused_in_production(tmp_path: Path) -> None:
    from tests.web.test_stages import Pages, client

    async with client(Pages, debug=True) as http:
        shown = (await http.get("/broken")).json()
    assert "canary-secret" in "".join(shown["debug"])
    async with client(Pages) as http:
        assert "canary-secret" not in (await http.get("/broken")).text
    application = PyFlyApplication(
        Kiosk,
        tmp_path,
        args=["--pyfly.banner.mode=OFF", "--pyfly.web.debug=true", "--pyfly.profiles.active=production"],
    )
    with pytest.raises(BeanFailure, match="in production"):
        async with application:
            pass
