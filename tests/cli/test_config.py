import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pyfly.cli.main import cli
from tests.cli.support import finish, package

SHOP = """
from dataclasses import dataclass
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.config import config_properties

print("loading")

@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class ShopProperties:
    currency: str

@pyfly_application(name="shop", scan_packages=["shop.main"])
class Application: ...

app = PyFlyApplication(Application)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a configuration."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyfly.yaml").write_text("shop:\n  size: 3\n  hosts: [a]\n  password: canary\n")
    (tmp_path / "pyfly-prod.yaml").write_text("shop:\n  size: 9\n")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["config", *arguments])


def test_every_key_is_shown_with_its_value_and_its_origin(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_WEB_PORT", "9000")
    lines = [" ".join(line.split()) for line in run("show").output.splitlines()]
    for line in (
        "pyfly.web.port = 9000 (environment variable PYFLY_WEB_PORT)",
        'shop.hosts = ["a"] (pyfly.yaml:3)',
        "shop.password = ****** (pyfly.yaml:4)",
        "shop.size = 3 (pyfly.yaml:2)",
    ):
        assert line in lines
    assert any(line.startswith("pyfly.web.host = 0.0.0.0 (pyfly-defaults.yaml:") for line in lines)


def test_a_prefix_limits_what_is_shown_and_a_profile_takes_part(folder: Path) -> None:
    output = run("show", "shop.size", "--profile", "prod").output
    assert output == "shop.size = 9  (pyfly-prod.yaml:2)\n"


def test_what_is_shown_can_be_read_by_programs(folder: Path) -> None:
    found = json.loads(run("show", "shop", "--json").output)
    assert found[0] == {"key": "shop.hosts", "value": ["a"], "origin": "pyfly.yaml:3"}
    assert "canary" not in str(found)


def test_a_prefix_below_which_nothing_is_set_is_a_mistake(folder: Path) -> None:
    result = run("show", "pyfly.wbe")
    assert result.exit_code == 1
    assert "Nothing is set at or below pyfly.wbe. Did you mean pyfly.web?" in result.output


@pytest.mark.parametrize("command", ["show", "schema"])
def test_a_file_that_cannot_be_read_is_reported(command: str, folder: Path) -> None:
    (folder / "pyfly.yaml").write_text("shop: [\n")
    result = run(command)
    assert result.exit_code == 1
    assert result.output.count("Application failed to start") == 1


def test_the_schema_has_the_keys_of_pyfly(folder: Path) -> None:
    fields = json.loads(run("schema").output)["properties"]["pyfly"]["properties"]["web"]["properties"]
    assert fields["port"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 65535,
        "description": "The port to listen on; 0 takes a free one.",
        "default": 8080,
    }


def test_the_schema_has_the_keys_of_the_application_of_the_folder(folder: Path) -> None:
    package(folder, "shop", SHOP)
    code, output = finish(folder, "config", "schema")
    assert code == 0, output
    loading, _, text = output.partition("\n")
    assert loading == "loading"
    assert json.loads(text)["properties"]["shop"]["properties"] == {"currency": {"type": "string"}}
