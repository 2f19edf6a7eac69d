"""``pyfly openapi`` in a process of its own."""

import json
from pathlib import Path

from tests.cli.support import BROKEN, finish, package

SHOP = """
from pydantic import BaseModel
from pyfly.container import rest_controller, service
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping, post_mapping

print("loading")

class Item(BaseModel):
    name: str
    {more}

@service
class Items:
    def __init__(self) -> None:
        raise SystemError("built")

@rest_controller
class ItemController:
    def __init__(self, items: Items) -> None: ...

    @get_mapping("/items")
    async def all(self) -> list[Item]:
        '''All items.'''

    @post_mapping("/items")
    async def add(self, item: Item) -> None: ...

@pyfly_application(name="shop", version="2.0.0", scan_packages=["shop.main"])
class Application: ...

app = PyFlyApplication(Application).asgi()
"""


def test_the_document_is_printed_and_nothing_is_built(tmp_path: Path) -> None:
    package(tmp_path, "shop", SHOP.format(more=""))
    (tmp_path / "pyfly.yaml").write_text("pyfly: {web: {base-path: /shop, openapi: {title: The shop}}}")
    with (tmp_path / "errors").open("w+") as errors:
        code, output = finish(tmp_path, "openapi", errors=errors)
        errors.seek(0)
        assert code == 0, errors.read()
    document = json.loads(output)
    assert document["info"] == {"title": "The shop", "version": "2.0.0"}
    assert document["paths"]["/shop/items"]["get"]["summary"] == "All items."


def test_the_document_can_be_written_to_a_file(tmp_path: Path) -> None:
    package(tmp_path, "shop", SHOP.format(more=""))
    code, _ = finish(tmp_path, "openapi", "--output", "openapi.json")
    assert code == 0
    assert "/items" in json.loads((tmp_path / "openapi.json").read_text())["paths"]


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    package(tmp_path, "shop", SHOP.format(more=""))
    texts = set()
    for seed in ("1", "2"):
        code, _ = finish(tmp_path, "openapi", "-o", "openapi.json", PYTHONHASHSEED=seed)
        assert code == 0
        texts.add((tmp_path / "openapi.json").read_bytes())
    assert len(texts) == 1


def test_a_breaking_change_of_the_application_is_told_and_fails(tmp_path: Path) -> None:
    package(tmp_path / "old", "shop", SHOP.format(more=""))
    package(tmp_path / "new", "shop", SHOP.format(more="price: float"))
    assert finish(tmp_path / "old", "openapi", "-o", str(tmp_path / "old.json"))[0] == 0
    with (tmp_path / "errors").open("w") as errors:
        code, output = finish(tmp_path / "new", "openapi", "diff", str(tmp_path / "old.json"), errors=errors)
    assert (code, output.splitlines()) == (
        1,
        [
            "change    GET /items response 200 [].price: is new",
            "BREAKING  POST /items request price: is new and required",
            "2 changes, 1 of them breaking.",
        ],
    )


def test_two_files_are_compared_without_an_application(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text('{"paths": {}}')
    (tmp_path / "new.json").write_text('{"paths": {"/a": {"get": {}}}}')
    assert finish(tmp_path, "openapi", "diff", "old.json", "old.json") == (0, "Nothing changed.\n")
    code, output = finish(tmp_path, "openapi", "diff", "--json", "old.json", "new.json")
    assert (code, json.loads(output)) == (0, [{"where": "GET /a", "what": "is new", "breaking": False}])
    assert finish(tmp_path, "openapi", "diff", "new.json", "old.json")[0] == 1


def test_what_is_no_document_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "empty.json").write_text("{}")
    for name, complaint in (("bad.json", "is not JSON"), ("empty.json", "is no OpenAPI document")):
        code, output = finish(tmp_path, "openapi", "diff", name, name)
        assert (code, complaint in output, len(output.splitlines())) == (1, True, 1)


def test_a_wiring_error_is_reported_and_there_is_no_document(tmp_path: Path) -> None:
    code, output = finish(package(tmp_path, "broken", BROKEN), "openapi")
    assert (code, output.count("What failed"), "openapi" in output) == (1, 1, False)


def test_without_an_application_there_is_no_document(tmp_path: Path) -> None:
    code, output = finish(tmp_path, "openapi")
    assert (code, output.startswith("Error: No application found")) == (1, True)
