"""The commands of ``pyfly db`` that change the database."""

from functools import partial

import click

from pyfly.cli.db_session import Chosen, database_options, migrations_of
from pyfly.cli.json_output import json_option, print_json

_SQL = click.option("--sql", is_flag=True, help="Print the SQL instead of running it; FROM:TO names a range.")


@click.command()
@click.argument("revision", default="heads")
@_SQL
@json_option
@database_options
def upgrade(chosen: Chosen, *, revision: str, sql: bool, as_json: bool) -> None:
    """Apply revisions up to REVISION; all of them if none is named. +1 means the next one.

    Other processes wait for each other.
    """
    _refuse_both(sql=sql, as_json=as_json)
    with migrations_of(chosen) as opened:
        if sql:
            click.echo(opened.migrator.sql(revision), nl=False)
            return
        applied = opened.connected(partial(opened.migrator.upgrade, revision))
        if as_json:
            print_json({"applied": [each.id for each in applied]})
            return
        for each in applied:
            click.echo(f"applied {each}")
        if not applied:
            click.echo("Nothing to apply.")


# -1 is a revision, and no option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision")
@_SQL
@json_option
@database_options
def downgrade(chosen: Chosen, *, revision: str, sql: bool, as_json: bool) -> None:
    """Undo what came after REVISION: -1 for the last one, base for all."""
    _refuse_both(sql=sql, as_json=as_json)
    with migrations_of(chosen) as opened:
        if sql:
            click.echo(opened.migrator.sql(revision, is_down=True), nl=False)
            return
        undone = opened.connected(partial(opened.migrator.downgrade, revision))
        if as_json:
            print_json({"undone": [each.id for each in undone]})
            return
        for each in undone:
            click.echo(f"undid {each}")
        if not undone:
            click.echo("Nothing to undo.")


@click.command()
@click.argument("revision")
@click.option(
    "--purge", is_flag=True, help="Forget what is noted now, even if this project does not know it."
)
@json_option
@database_options
def stamp(chosen: Chosen, *, revision: str, purge: bool, as_json: bool) -> None:
    """Note that the database is at REVISION (heads: the newest), without running anything."""
    with migrations_of(chosen) as opened:

        async def stamped() -> tuple[str, ...]:
            await opened.migrator.stamp(revision, purge=purge)
            return (await opened.migrator.status()).current

        noted = opened.connected(stamped)
        if as_json:
            print_json({"current": noted})
        else:
            click.echo(f"The database is at {', '.join(noted) or 'no revision'}.")


def _refuse_both(*, sql: bool, as_json: bool) -> None:
    if sql and as_json:
        raise click.UsageError("--sql prints SQL and --json what was done: choose one of them.")
