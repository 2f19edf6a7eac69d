import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pyfly import __version__
from pyfly.cli.main import cli

LOADED = """
import json, sys
from pyfly.cli.main import cli
try:
    cli({arguments!r})
except SystemExit as end:
    assert end.code == 0, end.code
print("\\n" + json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_the_name_the_licence_and_the_commands(option: str) -> None:
    result = CliRunner().invoke(cli, [option])
    assert result.exit_code == 0
    for text in (
        "PyFly",
        "Copyright 2026 The PyFly authors",
        "Apache 2.0 License",
        "new",
        "run",
        "info",
        "config",
    ):
        assert text in result.output


def test_no_command_shows_the_help() -> None:
    assert "Commands:" in CliRunner().invoke(cli, []).output


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(cli, ["--version"]).output == f"pyfly, version {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["run", "--help"], ["graph", "--help"], ["config", "show", "--help"]],
    ids=" ".join,
)
def test_what_only_prints_imports_no_web_no_data_and_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(arguments=arguments)], capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert not {name for name in loaded if name.startswith(("pyfly.web", "pyfly.data", "pyfly.actuator"))}
    assert not loaded & {"rich", "questionary", "jinja2", "starlette", "uvicorn", "sqlalchemy", "pydantic"}
