"""Forms: fields, models and files, urlencoded and multipart, and the limits that hold before anything is kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from annotated_types import Ge, MaxLen
from pydantic import BaseModel
from typing_extensions import TypedDict

from pyfly.core.config.config import Config
from pyfly.web import (
    File,
    Form,
    QueryParam,
    Request,
    UploadedFile,
    get_mapping,
    post_mapping,
    rest_controller,
)
from pyfly.web.binding.readers import ClientDisconnected
from pyfly.web.forms.multipart import MultipartReader
from pyfly.web.forms.properties import MultipartProperties
from pyfly.web.forms.uploads import UploadedFile as Upload
from pyfly.web.forms.uploads import safe_name
from tests.web.support import assembled, client_for, client_of, container_of


class Pet(BaseModel):
    name: str
    age: int = 0
    tags: list[str] = []
    photo: UploadedFile | None = None


class Wish(TypedDict):
    name: str
    tags: list[str]


@dataclass
class Search:
    name: str = ""
    sort: "list[str] | None" = None


seen: list[UploadedFile] = []


@rest_controller
class Forms:
    @post_mapping("/fields")
    async def fields(
        self,
        name: Form[str],
        age: Form[Annotated[int, Ge(0)]] = 1,
        tags: Form[list[int]] = [],  # noqa: B006  # what is bound is never changed
        last_name: Annotated[str | None, Form("lastName")] = None,
        page: int = 1,
    ) -> list[Any]:
        return [name, age, tags, last_name, page]

    @post_mapping("/model")
    async def model(self, pet: Form[Pet]) -> dict[str, Any]:
        content = (await pet.photo.read()).decode() if pet.photo else None
        return {**pet.model_dump(exclude={"photo"}), "photo": content}

    @post_mapping("/typed")
    async def typed(self, wish: Form[Wish]) -> Wish:
        return wish

    @get_mapping("/typed")
    async def typed_query(self, wish: QueryParam[Wish]) -> Wish:
        return wish

    @get_mapping("/search")
    async def search(self, search: Search) -> Search:
        return search

    @post_mapping("/files")
    async def files(
        self,
        document: UploadedFile,
        more: Annotated[list[UploadedFile], MaxLen(2)] = [],  # noqa: B006
        raw: File[bytes] = b"",
        note: Form[str] = "",
    ) -> list[Any]:
        seen.append(document)
        parts = [[item.filename, item.size, (await item.read()).decode()] for item in more]
        content = (await document.read()).decode()
        return [document.filename, document.content_type, content, parts, raw.decode(), note]

    @post_mapping("/sync")
    def sync(self, document: UploadedFile) -> int:
        seen.append(document)
        return len(document.file.read())

    @post_mapping("/broken")
    async def broken(self, document: UploadedFile) -> int:
        seen.append(document)
        raise RuntimeError

    @post_mapping("/with-request")
    async def with_request(self, request: Request, name: Form[str]) -> list[Any]:
        return [request.method, name, (await request.body()).decode()]


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    seen.clear()
    async with client_of(Forms) as found:
        yield found


async def test_fields_of_an_urlencoded_form_become_what_they_are_annotated_as(
    client: httpx.AsyncClient,
) -> None:
    data = {"name": "Bé lla", "age": "7", "tags": ["1", "2"], "lastName": "x"}
    assert (await client.post("/fields?page=3", data=data)).json() == ["Bé lla", 7, [1, 2], "x", 3]


async def test_fields_of_a_multipart_form_are_the_same(client: httpx.AsyncClient) -> None:
    parts = [("name", (None, "Bé lla")), ("tags", (None, "1")), ("tags", (None, "2")), ("age", (None, ""))]
    assert (await client.post("/fields", files=parts)).json() == ["Bé lla", 1, [1, 2], None, 1]


async def test_text_that_is_not_encoded_is_taken_for_utf_8(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    answer = await client.post("/fields", content="name=Bé+l%26la".encode(), headers=headers)
    assert answer.json()[0] == "Bé l&la"


async def test_missing_and_malformed_fields_are_reported_together(client: httpx.AsyncClient) -> None:
    answer = await client.post("/fields", data={"age": "-1", "tags": "x"})
    assert answer.status_code == 422
    assert [(e["location"], e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("form", "name", "missing"),
        ("form", "age", "greater_than_equal"),
        ("form", "tags", "int_parsing"),
    ]


async def test_a_model_is_filled_from_all_fields_and_files(client: httpx.AsyncClient) -> None:
    parts: list[Any] = [("name", (None, "Bella")), ("age", (None, "")), ("tags", (None, "a"))]
    answer = await client.post("/model", files=[*parts, ("photo", ("a.png", b"png", "image/png"))])
    assert answer.json() == {"name": "Bella", "age": 0, "tags": ["a"], "photo": "png"}
    refused = await client.post("/model", data={"age": "x"})
    assert [e["field"] for e in refused.json()["errors"]] == ["name", "age"]


async def test_a_typed_dictionary_is_filled_from_a_form_or_a_query(client: httpx.AsyncClient) -> None:
    assert (await client.post("/typed", data={"name": "a", "tags": "b"})).json() == {
        "name": "a",
        "tags": ["b"],
    }
    assert (await client.get("/typed?name=a&tags=b&tags=c")).json() == {"name": "a", "tags": ["b", "c"]}


async def test_annotations_of_a_dataclass_may_be_written_as_text(client: httpx.AsyncClient) -> None:
    assert (await client.get("/search?sort=a&sort=b")).json() == {"name": "", "sort": ["a", "b"]}


async def test_files_have_names_types_and_content(client: httpx.AsyncClient) -> None:
    parts: list[Any] = [
        ("document", ("../../etc/pass wd.txt", b"secret", "text/plain")),
        ("more", ("C:\\temp\\b.bin", b"bb")),
        ("more", ("c.bin", b"c" * 3)),
        ("raw", ("r", b"raw")),
        ("note", (None, "hello")),
    ]
    assert (await client.post("/files", files=parts)).json() == [
        "pass wd.txt",
        "text/plain",
        "secret",
        [["b.bin", 2, "bb"], ["c.bin", 3, "ccc"]],
        "raw",
        "hello",
    ]
    assert seen[0].file.closed


async def test_an_input_in_which_no_file_was_chosen_is_no_file(client: httpx.AsyncClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="document"; filename=""\r\n\r\n\r\n--x--\r\n'
    answer = await client.post(
        "/files", content=body, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0] == {
        "field": "document",
        "location": "file",
        "message": "Field required",
        "code": "missing",
    }


async def test_too_many_files_for_a_parameter_are_refused_and_deleted(client: httpx.AsyncClient) -> None:
    parts: list[Any] = [("document", ("a", b"a")), *[("more", ("b", b"b"))] * 3]
    answer = await client.post("/files", files=parts)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "more")


@pytest.mark.parametrize("path", ["/sync", "/broken"])
async def test_files_are_gone_when_the_request_is_over(client: httpx.AsyncClient, path: str) -> None:
    await client.post(path, files={"document": ("a", b"x" * 400_000)})
    assert seen[0].on_disk
    assert seen[0].file.closed


async def test_the_request_beside_a_form_has_no_body_any_more(client: httpx.AsyncClient) -> None:
    assert (await client.post("/with-request", data={"name": "a"})).json() == ["POST", "a", ""]


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("application/json", b"{}", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (None, b"name=a", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("multipart/form-data", b"--x--", 400, "INVALID_FORM"),
        ("multipart/form-data; boundary=x", b"nonsense", 400, "INVALID_FORM"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv', 400, "INVALID_FORM"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\nv\r\n--x--\r\n", 400, "INVALID_FORM"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n',
            400,
            "INVALID_ENCODING",
        ),
        ("multipart/form-data; boundary=" + "x" * 300, b"--x--", 400, "INVALID_FORM"),
    ],
)  # fmt: skip
async def test_a_body_that_is_no_form_is_refused(
    client: httpx.AsyncClient, content_type: str | None, body: bytes, status: int, code: str
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = await client.post("/fields", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def _files(*sizes: int) -> list[Any]:
    return [("f", (str(size), b"x" * size)) for size in sizes]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (_files(1100), "FILE_TOO_LARGE"),
        (_files(1, 1, 1, 1), "TOO_MANY_FILES"),
        (_files(1000, 1000, 1000), "PAYLOAD_TOO_LARGE"),
        ([(str(number), (None, "v")) for number in range(6)], "TOO_MANY_FIELDS"),
        ([("a", (None, "v" * 101))], "FIELD_TOO_LARGE"),
        ([("a", ("", "v"))] * 6, "TOO_MANY_FIELDS"),
        ([("a", ("", "v")), ("a", (None, "v"))] * 3, "TOO_MANY_FIELDS"),
    ],
)
async def test_a_multipart_form_beyond_a_limit_is_refused(files: list[Any], code: str) -> None:
    limits = {"max-size": 3000, "max-file-size": 1024, "max-files": 3, "max-fields": 5, "max-field-size": 100}
    config = Config({"pyfly": {"web": {"multipart": limits}}})
    async with client_for(assembled(container_of(Forms), config=config).dispatch) as client:
        answer = await client.post("/fields", files=files)
    assert (answer.status_code, answer.json()["code"]) == (413, code)


async def test_an_urlencoded_form_of_a_million_fields_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    few = await client.post("/fields", content=b"a=1&" * 2000, headers=headers)
    many = await client.post("/fields", content=b"a=1&" * 1_000_000, headers=headers)
    assert (few.status_code, few.json()["code"]) == (413, "TOO_MANY_FIELDS")
    assert (many.status_code, many.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


def _receiving(*chunks: bytes, then: str = "http.disconnect") -> Callable[[], Awaitable[dict[str, Any]]]:
    waiting = list(chunks)

    async def receive() -> dict[str, Any]:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": True}
        return {"type": then}

    return receive


_BEGIN = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'


async def test_a_chunked_upload_is_refused_before_it_is_read_to_the_end() -> None:
    reader = MultipartReader(MultipartProperties(), b"x")
    taken = 0

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": _BEGIN if taken == 1 else b"y" * 100_000, "more_body": True}

    with pytest.raises(Exception, match="larger than 1048576 bytes"):
        await reader.read({}, receive)
    assert taken == 12


async def test_a_stated_length_over_the_limit_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Exception, match="larger than"):
        await MultipartReader(MultipartProperties(), b"x").read(
            {b"content-length": b"99999999"}, _receiving()
        )


@pytest.mark.parametrize("size", [10, 600_000])
async def test_no_file_is_left_of_an_upload_that_breaks_off(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Upload] = []
    original = Upload.__init__

    def remembering(self: Upload, *args: Any) -> None:
        original(self, *args)
        made.append(self)

    monkeypatch.setattr(Upload, "__init__", remembering)
    with pytest.raises(ClientDisconnected):
        await MultipartReader(MultipartProperties(), b"x").read({}, _receiving(_BEGIN, b"y" * size))
    assert [item.file.closed for item in made] == [True]


async def test_a_cancelled_upload_leaves_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = MultipartReader(MultipartProperties(), b"x")
    started = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if reader._size:  # whether the first chunk has been taken
            started.set()
            await asyncio.Event().wait()
        return {"type": "http.request", "body": _BEGIN + b"y" * 600_000, "more_body": True}

    task = asyncio.create_task(reader.read({}, receive))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [item.file.closed for item in reader._parts.uploads] == [True]


async def test_large_files_are_kept_on_disk_and_small_ones_are_not(tmp_path: Path) -> None:
    upload = Upload("a.bin", {}, spool_size=10, directory=str(tmp_path))
    await upload.write(b"0123456789")
    assert not upload.on_disk
    await upload.write(b"abc")
    assert upload.on_disk
    assert [chunk async for chunk in upload.chunks(5)] == [b"01234", b"56789", b"abc"]
    target = await upload.save(tmp_path / "saved.bin")
    assert target.read_bytes() == b"0123456789abc"
    with pytest.raises(FileExistsError):
        await upload.save(target)
    await upload.save(target, overwrite=True)
    upload.file.close()


async def test_without_room_in_memory_every_file_is_on_disk() -> None:
    upload = Upload("a.bin", {}, spool_size=0)
    await upload.write(b"ab")
    assert upload.on_disk
    assert isinstance(upload.file.fileno(), int)
    upload.file.close()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/cron.d/evil", "evil"),
        ("..", ""),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("C:evil.exe", "Cevil.exe"),
        ("x" * 300 + ".png", "x" * 251 + ".png"),
        ("é" * 200 + ".png", "é" * 125 + ".png"),
    ],
)
def test_the_name_of_a_file_leads_nowhere_else(given: str, name: str) -> None:
    assert safe_name(given) == name


async def test_large_uploads_pass_filters_that_do_not_read_them() -> None:
    from pyfly.container import component
    from pyfly.web import CallNext

    @component
    class Nothing:
        async def do_filter(self, request: Request, call_next: CallNext) -> Any:
            return await call_next(request)

        def should_not_filter(self, request: Request) -> bool:
            return False

    config = Config({"pyfly": {"web": {"multipart": {"max-file-size": "4MB"}}}})
    async with client_for(assembled(container_of(Forms, Nothing), config=config).dispatch) as client:
        answer = await client.post("/sync", files={"document": ("a", b"x" * 3_000_000)})
        with_request = await client.post("/with-request", data={"name": "a"})
    assert answer.json() == 3_000_000
    assert with_request.json() == ["POST", "a", ""]
