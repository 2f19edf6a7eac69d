import sys

import click
import pytest
from click.testing import CliRunner

from pyfly.cli import LazyGroup


@click.command()
def greet() -> None:
    click.echo("hello")


@click.command()
def fail() -> None:
    raise RuntimeError("no\nmore")


HERE = __name__


def group() -> click.Group:
    lazy = {
        "greet": (f"{HERE}:greet", "Greet."),
        "fail": (f"{HERE}:fail", "Fail."),
        "absent": ("no.such.module:command", "Never imported."),
    }
    return LazyGroup("group", lazy=lazy, params=[click.Option(["--debug"], is_flag=True)])


def test_help_lists_the_commands_without_importing_them() -> None:
    result = CliRunner().invoke(group(), ["--help"])
    assert result.exit_code == 0
    assert "absent  Never imported." in result.output
    assert "no.such.module" not in sys.modules


def test_a_command_is_imported_when_it_is_invoked() -> None:
    assert CliRunner().invoke(group(), ["greet"]).output == "hello\n"


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(group(), ["gret"])
    assert (result.exit_code, "No such command 'gret'" in result.output) == (2, True)


def test_an_unexpected_failure_is_one_line() -> None:
    result = CliRunner().invoke(group(), ["fail"])
    assert result.exit_code == 1
    assert result.output == "Error: RuntimeError: no (run `pyfly --debug ...` for the traceback)\n"


def test_with_debug_an_unexpected_failure_has_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="no"):
        CliRunner().invoke(group(), ["--debug", "fail"], catch_exceptions=False)
