"""Static files: what is served, and 3,000 ways to ask for something else (row B10)."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from pyfly.container import rest_controller
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.config import ConfigurationError
from pyfly.web import WebProperties, get_mapping
from pyfly.web.assembly import Assembly
from pyfly.web.properties import StaticLocation
from pyfly.web.static.locating import find_file, parts_of
from tests.web.connections import connected
from tests.web.support import assembled, client_for, client_of, container_of

SECRET = b"the secret outside"


@rest_controller
class Api:
    @get_mapping("/api")
    async def api(self) -> int:
        return 1

    @get_mapping("/assets/made")
    async def made(self) -> str:
        return "by a controller"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "static"
    (root / "css").mkdir(parents=True)
    (root / "css" / "site.css").write_text("body {}")
    (root / "css" / "index.html").write_text("<p>css</p>")
    (root / "index.html").write_text("<p>home</p>")
    (root / "made").write_text("file")
    (root / ".env").write_bytes(SECRET)
    (root / "bare").mkdir()
    (tmp_path / "secret.txt").write_bytes(SECRET)
    (tmp_path / "static2").mkdir()
    (tmp_path / "static2" / "secret.txt").write_bytes(SECRET)
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "linked").symlink_to(tmp_path / "static2")
    return root


def app_of(folder: Path, path: str = "/assets", **options: str) -> Assembly:
    location = StaticLocation(path=path, directory=str(folder), **options)
    return assembled(container_of(Api), WebProperties(static=(location,)))


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/assets/css/site.css", 200, "body {}"),
        ("/assets/", 200, "<p>home</p>"),
        ("/assets/css/", 200, "<p>css</p>"),
        ("/assets/made", 200, '"by a controller"'),
        ("/assets", 308, ""),
        ("/assets/css", 308, ""),
        ("/assets/bare/", 404, None),
        ("/assets/css/site.css/", 404, None),
        ("/assets/css/site.css/x", 404, None),
        ("/assets/nothing", 404, None),
        ("/assets/.env", 404, None),
        ("/assets/link.txt", 404, None),
        ("/assets/linked/secret.txt", 404, None),
        ("/assetsx/css/site.css", 404, None),
        ("/api", 200, "1"),
        ("/api/", 308, ""),
    ],
)
async def test_files_are_served_where_no_route_matches(
    path: str, status: int, body: str | None, folder: Path
) -> None:
    async with client_for(app_of(folder).dispatch) as client:
        response = await client.get(path)
        assert response.status_code == status
        assert body is None or response.text == body
        if status == 308:
            assert response.headers["location"].startswith("/")


async def test_a_location_at_the_root_leaves_the_rest_alone(folder: Path) -> None:
    async with client_for(app_of(folder, "/").dispatch) as client:
        assert (await client.get("/")).text == "<p>home</p>"
        assert (await client.get("/css/site.css")).headers["content-type"] == "text/css; charset=utf-8"
        assert (await client.get("/api/")).status_code == 308
        assert (await client.get("http://test//css")).status_code == 404
        assert (await client.post("/css/site.css")).status_code == 404


async def test_a_browser_asks_again_and_gets_nothing_new(folder: Path) -> None:
    async with client_for(app_of(folder, cache_control="public, max-age=60").dispatch) as client:
        first = await client.get("/assets/css/site.css")
        assert first.headers["cache-control"] == "public, max-age=60"
        assert "content-disposition" not in first.headers
        again = await client.get("/assets/css/site.css", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        part = await client.get("/assets/css/site.css", headers={"Range": "bytes=0-3"})
        assert (part.status_code, part.content) == (206, b"body")


def payloads() -> Iterator[str]:
    ups = [
        "..",
        "%2e%2e",
        "%2e.",
        ".%2e",
        "%252e%252e",
        "..;",
        "....",
        ". .",
        "..%00",
        "%c0%ae%c0%ae",
        "..%c0%af",
        "\uff0e\uff0e",
    ]
    separators = ["/", "//", "\\", "%5c", "%2f", "%252f", "%255c", "/./", "/%2e/", "%c0%af", "/\\", "\t/"]
    targets = ["secret.txt", "static2/secret.txt", "etc/passwd", "static/.env", "proc/self/environ"]
    for up, separator, depth, target in itertools.product(ups, separators, (1, 2, 3, 6), targets):
        yield (up + separator) * depth + target
    for start in [
        "/",
        "//",
        "C:",
        "c:/",
        "C:\\",
        "\\\\host\\share\\",
        "file:///",
        "~/",
        "%00",
        "css/../../",
        "css%2f..%2f..%2f",
    ]:
        for target in targets:
            yield start + target
    yield from (
        ".env",
        "%2eenv",
        "css/../.env",
        ".env%00.css",
        ".env ",
        ".env.",
        ".ENV/../.env",
        "link.txt",
        "linked/secret.txt",
    )
    yield from (f"..{chr(code)}secret.txt" for code in range(256))


def test_there_are_enough_payloads() -> None:
    assert len(set(payloads())) >= 3000


async def test_no_path_leads_out_of_the_directory(folder: Path) -> None:
    dispatch = app_of(folder).dispatch
    for payload in set(payloads()):
        for path in (payload, quote(payload)):
            async with connected(dispatch, f"/assets/{path}".replace("?", "%3F")) as connection:
                status = await connection.started()
                body = await connection.rest()
                await connection.task
            assert SECRET not in body, path
            assert b"root:" not in body, path
            assert status in (308, 400, 404, 414), (status, path)


def test_no_decoded_path_leads_out_of_the_directory(folder: Path) -> None:
    for payload in payloads():
        parts = parts_of(payload)
        found = find_file(folder, parts, "index.html") if parts is not None else None
        assert found is None or found.resolve().is_relative_to(folder), payload


def test_what_is_no_file_is_not_served(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert find_file(folder, ["pipe"], "index.html") is None
    assert find_file(folder, ["css"], "") is None


def test_a_directory_that_does_not_exist_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no directory 'nowhere'"):
        client_of(Api, properties=WebProperties(static=(StaticLocation(path="/x", directory="nowhere"),)))


@pyfly_application(name="files", scan_packages=[])
class Files:
    pass


async def test_a_booted_application_serves_the_directory_beside_its_configuration(
    folder: Path, tmp_path: Path
) -> None:
    config = tmp_path / "pyfly.yaml"
    config.write_text(
        "pyfly:\n  web:\n    enabled: true\n    static:\n      - {path: /assets, directory: static}\n"
    )
    async with PyFlyApplication(Files, config_path=str(config)) as app, client_for(app.asgi()) as client:
        assert (await client.get("/assets/css/site.css")).text == "body {}"
