"""The commands of ``pyfly db`` that only look."""

import click

from pyfly.cli.db_session import Chosen, database_options, migrations_of
from pyfly.cli.json_output import json_option, print_json


@click.command()
@json_option
@database_options
def current(chosen: Chosen, *, as_json: bool) -> None:
    """Show at which revision the database is, and what it has not seen."""
    with migrations_of(chosen) as opened:
        status = opened.connected(opened.migrator.status)
        if as_json:
            pending = [each.id for each in status.pending]
            print_json({"current": status.current, "pending": pending, "unknown": status.unknown})
            return
        click.echo(f"The database is at {', '.join(status.current) or 'no revision'}.")
        for name in status.unknown:
            click.echo(f"unknown {name}: a newer version of the project made it")
        for each in status.pending:
            click.echo(f"pending {each}")


@click.command()
@json_option
@database_options
def history(chosen: Chosen, *, as_json: bool) -> None:
    """Show all revisions, newest first."""
    with migrations_of(chosen) as opened:
        revisions = opened.migrator.scripts.history()[::-1]
        if as_json:
            print_json(
                [{"id": r.id, "message": r.message, "after": r.parents, "head": r.is_head} for r in revisions]
            )
            return
        for each in revisions:
            after = f", after {', '.join(each.parents)}" if each.parents else ""
            click.echo(f"{each}{after}{' [newest]' if each.is_head else ''}")
        if not revisions:
            click.echo("There are no revisions.")


@click.command()
@json_option
@database_options
def heads(chosen: Chosen, *, as_json: bool) -> None:
    """Show the newest revision. The exit code is 1 if there are several: branches that were not joined."""
    with migrations_of(chosen) as opened:
        found = opened.migrator.scripts.heads()
        if as_json:
            print_json(found)
        else:
            click.echo("\n".join(found) or "There are no revisions.")
        if len(found) > 1:
            click.echo("Join them: pyfly db merge", err=True)
            click.get_current_context().exit(1)


@click.command()
@json_option
@database_options
def check(chosen: Chosen, *, as_json: bool) -> None:
    """Tell how the database differs from the project. The exit code is 1 if it does."""
    with migrations_of(chosen) as opened:

        async def found() -> tuple[list[str], tuple[str, ...]]:
            status = await opened.migrator.status()
            pending = [str(each) for each in status.pending]
            return pending, () if pending else await opened.migrator.differences()

        pending, differences = opened.connected(found)
        if as_json:
            print_json({"pending": pending, "differences": differences})
        else:
            _tell(pending, differences)
        if pending or differences:
            click.get_current_context().exit(1)


def _tell(pending: list[str], differences: tuple[str, ...]) -> None:
    for each in pending:
        click.echo(f"pending {each}")
    for each in differences:
        click.echo(each)
    if pending:
        click.echo("Apply them: pyfly db upgrade", err=True)
    elif differences:
        click.echo('Write them down: pyfly db migrate -m "..."', err=True)
    else:
        click.echo("The tables are as the entities say.")
