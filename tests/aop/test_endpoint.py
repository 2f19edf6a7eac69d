"""The report over HTTP, in an application that has aspects and an actuator."""

from pathlib import Path

import httpx
import pytest

from pyfly.core import PyFlyApplication, pyfly_application


@pyfly_application(name="served", scan_packages=["tests.aop.served"])
class Served:
    """The application of these tests."""


async def answer_of(folder: Path, *lines: str) -> httpx.Response:
    file = folder / "pyfly.yaml"
    file.write_text("\n".join(["pyfly:", "  banner:", "    mode: 'OFF'", *lines]) + "\n")
    async with PyFlyApplication(Served, config_path=file) as app:
        transport = httpx.ASGITransport(app=app.asgi())
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/actuator/aspects")


async def test_the_report_is_served_where_the_actuator_exposes_it(tmp_path: Path) -> None:
    answer = await answer_of(tmp_path, "  actuator:", "    expose: [aspects]")
    assert answer.status_code == 200
    body = answer.json()
    assert body["methods"] == [
        {
            "bean": "Greetings",
            "method": "tests.aop.served.greetings.Greetings.greet",
            "advice": ["before Counting.count"],
        }
    ]
    (unused,) = body["unused"]
    assert (unused["advice"], unused["pointcut"]) == ("Counting.unused", "bean(nobody)")
    assert "served/greetings.py:" in unused["origin"]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("  actuator:", "    expose: ['*']", "    endpoints:", "      aspects:", "        enabled: false"),
    ],
    ids=["not exposed", "switched off"],
)
async def test_the_report_stays_inside_unless_it_is_exposed(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert (await answer_of(tmp_path, *lines)).status_code == 404
