import json
from pathlib import Path

import click
from click.testing import CliRunner

from pyfly.cli.json_output import json_option, print_json


@click.command()
@json_option
def command(*, as_json: bool) -> None:
    if as_json:
        print_json({"path": Path("ä/b"), "names": ("a", "b")})


def test_what_json_has_no_form_for_is_text_and_letters_stay_as_they_are() -> None:
    said = CliRunner().invoke(command, ["--json"]).output
    assert json.loads(said) == {"path": "ä/b", "names": ["a", "b"]}
    assert "ä/b" in said
    assert CliRunner().invoke(command).output == ""
