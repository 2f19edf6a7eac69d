"""The commands of ``pyfly db`` that write into the project."""

from functools import partial
from pathlib import Path

import click

from pyfly.cli.db_session import Chosen, database_options, migrations_of
from pyfly.cli.json_output import json_option, print_json

_MESSAGE = click.option("--message", "-m", required=True, help="What the revision is about.")


@click.command()
@json_option
@database_options
def init(chosen: Chosen, *, as_json: bool) -> None:
    """Make the folder of revisions. Nothing in it has to be edited."""
    with migrations_of(chosen) as opened:
        try:
            files = opened.migrator.scripts.create()
        except FileExistsError as error:
            raise click.ClickException(f"{error}.") from None
        if as_json:
            print_json({"created": [_shown(file) for file in files]})
            return
        for file in files:
            click.echo(f"created {_shown(file)}")
        click.echo('Next: pyfly db migrate -m "first tables", then pyfly db upgrade')


@click.command()
@_MESSAGE
@click.option("--empty", is_flag=True, help="Write a revision without changes, to be filled by hand.")
@json_option
@database_options
def migrate(chosen: Chosen, *, message: str, empty: bool, as_json: bool) -> None:
    """Write a revision from what changed in the entities. Read it before it is applied.

    The entities are compared with the database, which has to be at the newest revision.
    """
    with migrations_of(chosen) as opened:
        file = opened.connected(partial(opened.migrator.write, message, is_empty=empty))
        _tell(file, "Nothing changed: the tables are as the entities say.", as_json=as_json)


@click.command()
@click.option("--message", "-m", default="merge", help="What the revision is about.")
@json_option
@database_options
def merge(chosen: Chosen, *, message: str, as_json: bool) -> None:
    """Write a revision that joins the branches of the history into one."""
    with migrations_of(chosen) as opened:
        file = opened.migrator.merge(message)
        _tell(file, "There is nothing to join.", as_json=as_json)


def _tell(file: Path | None, otherwise: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"created": None if file is None else _shown(file)})
    else:
        click.echo(otherwise if file is None else f"created {_shown(file)}")


def _shown(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
