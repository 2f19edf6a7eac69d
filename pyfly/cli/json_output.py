"""The option ``--json`` of commands, and how they print what programs read."""

import json
from typing import Any, Final

import click

json_option: Final = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: Any) -> None:
    """Print *value* as JSON; what JSON has no form for, as text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))
