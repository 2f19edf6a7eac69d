import json
from pathlib import Path

import pytest

from tests.cli.support import BROKEN, finish, package

SHOP = """
import os
from pyfly.container import component, service
from pyfly.core import PyFlyApplication, pyfly_application

print("loading")

@component(profile="{profile}")
class Till:
    def __init__(self) -> None:
        raise SystemError("built")

@service
class Shop:
    def __init__(self, till: Till) -> None: ...

@pyfly_application(name="shop", scan_packages=["shop.main"])
class Application: ...

app = PyFlyApplication(Application).asgi()
"""


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "graph LR"),
        (["--format", "dot"], '"Shop" -> "Till";'),
        (["--format", "json"], '"source": "Shop",\n      "target": "Till"'),
    ],
    ids=["mermaid", "dot", "json"],
)
def test_the_graph_of_the_application_is_printed_and_nothing_is_built(
    options: list[str], text: str, tmp_path: Path
) -> None:
    code, output = finish(package(tmp_path, "shop", SHOP.format(profile="")), "graph", *options)
    assert code == 0, output
    assert text in output


def test_what_modules_print_does_not_get_into_the_picture(tmp_path: Path) -> None:
    package(tmp_path, "shop", SHOP.format(profile="prod"))
    with (tmp_path / "errors").open("w+") as errors:
        code, output = finish(tmp_path, "graph", "--format", "json", "--profile", "prod", errors=errors)
        assert code == 0
        assert {"Shop", "Till"} <= {bean["name"] for bean in json.loads(output)["beans"]}
        errors.seek(0)
        assert errors.read() == "loading\n"


def test_a_wiring_error_is_reported_and_there_is_no_picture(tmp_path: Path) -> None:
    code, output = finish(package(tmp_path, "broken", BROKEN), "graph")
    assert code == 1
    assert output.count("What failed") == 1
    assert "parameter 'missing'" in output
    assert "graph LR" not in output


def test_what_a_profile_leaves_out_is_told(tmp_path: Path) -> None:
    code, output = finish(package(tmp_path, "shop", SHOP.format(profile="prod")), "graph")
    assert (code, "Activate profile 'prod'." in output) == (1, True)


def test_without_an_application_there_is_no_graph(tmp_path: Path) -> None:
    code, output = finish(tmp_path, "graph")
    assert (code, output.startswith("Error: No application found")) == (1, True)
