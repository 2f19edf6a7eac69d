"""The commands of ``pyfly db`` that write into the project."""

from functools import partial
from pathlib import Path

import click

from pyfly.cli.db_session import Chosen, database_options, migrations_of

_MESSAGE = click.option("--message", "-m", required=True, help="What the revision is about.")


@click.command()
@database_options
def init(chosen: Chosen) -> None:
    """Make the folder of revisions. Nothing in it has to be edited."""
    with migrations_of(chosen) as opened:
        try:
            files = opened.migrator.scripts.create()
        except FileExistsError as error:
            raise click.ClickException(f"{error}.") from None
        for file in files:
            click.echo(f"created {_shown(file)}")
        click.echo('Next: pyfly db migrate -m "first tables", then pyfly db upgrade')


@click.command()
@_MESSAGE
@click.option("--empty", is_flag=True, help="Write a revision without changes, to be filled by hand.")
@database_options
def migrate(chosen: Chosen, *, message: str, empty: bool) -> None:
    """Write a revision from what changed in the entities. Read it before it is applied.

    The entities are compared with the database, which has to be at the newest revision.
    """
    with migrations_of(chosen) as opened:
        file = opened.connected(partial(opened.migrator.write, message, is_empty=empty))
        if file is None:
            click.echo("Nothing changed: the tables are as the entities say.")
        else:
            click.echo(f"created {_shown(file)}")


@click.command()
@click.option("--message", "-m", default="merge", help="What the revision is about.")
@database_options
def merge(chosen: Chosen, *, message: str) -> None:
    """Write a revision that joins the branches of the history into one."""
    with migrations_of(chosen) as opened:
        file = opened.migrator.merge(message)
        click.echo("There is nothing to join." if file is None else f"created {_shown(file)}")


def _shown(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
