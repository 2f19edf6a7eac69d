"""Files as answers: ranges, conditions, names."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.container import rest_controller
from pyfly.web import FileContent, QueryParam, get_mapping
from pyfly.web.streaming.disposition import content_disposition, safe_filename
from pyfly.web.streaming.media import media_type_of
from pyfly.web.streaming.ranges import UnsatisfiableRangeError, parse_range
from tests.web.connections import connected
from tests.web.support import assembled, client_of, container_of

DIGITS = b"0123456789"


@rest_controller
class Files:
    folder: Path

    @get_mapping("/memory")
    async def memory(self) -> FileContent:
        return FileContent(DIGITS, filename="digits.txt", etag='"1"')

    @get_mapping("/file")
    async def file(self, name: QueryParam[str]) -> FileContent:
        return FileContent(self.folder / name, inline=True)

    @get_mapping("/download")
    async def download(self, name: QueryParam[str]) -> FileContent:
        return FileContent(DIGITS, filename=name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "digits.bin").write_bytes(DIGITS)
    (tmp_path / "large.bin").write_bytes(os.urandom(1_000_000))
    (tmp_path / "empty.txt").touch()
    os.mkfifo(tmp_path / "pipe")
    Files.folder = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "status", "content_range", "body"),
    [
        (None, 200, None, DIGITS),
        ("bytes=0-0", 206, "bytes 0-0/10", b"0"),
        ("bytes=2-5", 206, "bytes 2-5/10", b"2345"),
        ("bytes=7-", 206, "bytes 7-9/10", b"789"),
        ("bytes=-3", 206, "bytes 7-9/10", b"789"),
        ("bytes=-100", 206, "bytes 0-9/10", DIGITS),
        ("bytes=5-100", 206, "bytes 5-9/10", b"56789"),
        ("bytes=0-3,2-6", 206, "bytes 0-6/10", b"0123456"),
        ("bytes=10-", 416, "bytes */10", None),
        ("bytes=-0", 416, "bytes */10", None),
        ("bytes=5-2", 200, None, DIGITS),
        ("bytes=a-b", 200, None, DIGITS),
        ("lines=0-1", 200, None, DIGITS),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(17)), 200, None, DIGITS),
    ],
)
@pytest.mark.parametrize("path", ["/memory", "/file?name=digits.bin"])
async def test_a_part_of_a_file_can_be_asked_for(
    path: str, asked: str | None, status: int, content_range: str | None, body: bytes | None, folder: Path
) -> None:
    async with client_of(Files) as client:
        response = await client.get(path, headers={} if asked is None else {"Range": asked})
        assert (response.status_code, response.headers.get("content-range")) == (status, content_range)
        if body is not None:
            assert response.content == body
            assert response.headers["content-length"] == str(len(body))
            assert response.headers["accept-ranges"] == "bytes"


async def test_several_parts_come_in_one_answer(folder: Path) -> None:
    async with client_of(Files) as client:
        response = await client.get("/memory", headers={"Range": "bytes=8-9,0-1"})
        assert response.status_code == 206
        kind, _, boundary = response.headers["content-type"].partition("; boundary=")
        assert kind == "multipart/byteranges"
        parts = response.content.split(f"\r\n--{boundary}".encode())
        assert [part.partition(b"\r\n\r\n")[2] for part in parts[1:3]] == [b"89", b"01"]
        assert b"Content-Range: bytes 8-9/10" in parts[1]
        assert parts[3] == b"--\r\n"
        assert int(response.headers["content-length"]) == len(response.content)


async def test_a_client_with_this_version_gets_nothing_and_one_with_a_part_of_another_gets_all(
    folder: Path,
) -> None:
    async with client_of(Files) as client:
        first = await client.get("/file?name=digits.bin")
        tag, date = first.headers["etag"], first.headers["last-modified"]
        path = "/file?name=digits.bin"
        for headers, status in [
            ({"If-None-Match": tag}, 304),
            ({"If-Modified-Since": date}, 304),
            ({"If-Match": '"other"'}, 412),
            ({"If-Range": tag, "Range": "bytes=0-1"}, 206),
            ({"If-Range": date, "Range": "bytes=0-1"}, 206),
            ({"If-Range": '"other"', "Range": "bytes=0-1"}, 200),
            ({"If-Range": "Sun, 06 Nov 1994 08:49:37 GMT", "Range": "bytes=0-1"}, 200),
        ]:
            assert (await client.get(path, headers=headers)).status_code == status, headers


async def test_a_large_file_arrives_whole(folder: Path) -> None:
    async with client_of(Files) as client:
        assert (await client.get("/file?name=large.bin")).content == (folder / "large.bin").read_bytes()
        head = await client.head("/file?name=large.bin")
        assert (head.headers["content-length"], head.content) == ("1000000", b"")


@pytest.mark.parametrize("name", ["missing", "pipe", ".", "a\0b"])
async def test_what_is_no_file_is_not_found(name: str, folder: Path) -> None:
    async with client_of(Files) as client:
        response = await client.get("/file", params={"name": name})
        assert response.status_code == 404
        assert str(folder) not in response.text


async def test_an_empty_file_is_an_answer(folder: Path) -> None:
    async with client_of(Files) as client:
        response = await client.get("/file?name=empty.txt", headers={"Range": "bytes=0-"})
        assert response.status_code in (200, 416)
        assert (await client.get("/file?name=empty.txt")).headers[
            "content-type"
        ] == "text/plain; charset=utf-8"


async def test_a_file_that_shrinks_while_it_is_sent_is_not_cut_off_silently(folder: Path) -> None:
    app = assembled(container_of(Files))
    async with connected(app.dispatch, "/file?name=large.bin") as connection:
        await connection.started()
        (folder / "large.bin").write_bytes(b"")
        with pytest.raises(EOFError):
            await connection.task


async def test_a_client_that_goes_away_stops_the_sending(folder: Path) -> None:
    app = assembled(container_of(Files))
    async with connected(app.dispatch, "/file?name=large.bin") as connection:
        connection.disconnect()
        await connection.task
        assert connection.waiting < 5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("a b.txt", 'attachment; filename="a b.txt"'),
        ("grün.txt", "attachment; filename=\"gr_n.txt\"; filename*=UTF-8''gr%C3%BCn.txt"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ("../../etc/passwd", 'attachment; filename="_.._etc_passwd"'),
        ('x"; filename="evil.exe', 'attachment; filename="x_; filename=_evil.exe"'),
        ("a\r\nSet-Cookie: x=1", 'attachment; filename="a__Set-Cookie_ x=1"'),
        ("C:\\x.txt", 'attachment; filename="C__x.txt"'),
        ("...", 'attachment; filename="download"'),
        ("exe.\u202efdp", 'attachment; filename="exe._fdp"'),
    ],
)
async def test_a_name_stays_in_its_header_and_in_its_folder(name: str, expected: str) -> None:
    async with client_of(Files) as client:
        response = await client.get("/download", params={"name": name})
        assert response.headers["content-disposition"] == expected


@given(st.text())
def test_any_name_makes_one_safe_header(name: str) -> None:
    value = content_disposition(name)
    assert value.isascii()
    assert value.isprintable()
    assert value.count('"') == 2
    assert not {"/", "\\", "\0"} & set(safe_filename(name))


@given(st.text(max_size=100), st.integers(0, 50))
def test_any_range_is_read_and_lies_inside(text: str, size: int) -> None:
    for header in (text, f"bytes={text}"):
        try:
            ranges = parse_range(header, size)
        except UnsatisfiableRangeError:
            continue
        assert ranges is None or all(0 <= item.start < item.stop <= size for item in ranges)


@pytest.mark.parametrize(
    "hostile", ["0-," * 100_000, "-" * 1_000_000, "9" * 1_000_000 + "-", "," * 15 + " " * 1_000_000]
)
def test_a_hostile_range_is_read_in_linear_time(hostile: str) -> None:
    assert parse_range("bytes=" + hostile, 10) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.svg", "image/svg+xml"),
        ("a.tar.gz", "application/gzip"),
        ("a", "application/octet-stream"),
        ("a.html", "text/html; charset=utf-8"),
    ],
)
def test_the_name_tells_the_content_type(name: str, expected: str) -> None:
    assert media_type_of(name) == expected
