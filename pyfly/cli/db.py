"""``pyfly db``: the schema of the application's databases."""

from typing import Final

import click

from pyfly.cli.lazy_group import LazyGroup

_COMMANDS: Final = {
    "check": (
        "pyfly.cli.db_looking:check",
        "Tell whether revisions are missing, or entities differ from tables.",
    ),
    "current": ("pyfly.cli.db_looking:current", "Show at which revision the database is."),
    "downgrade": ("pyfly.cli.db_changing:downgrade", "Undo revisions."),
    "heads": ("pyfly.cli.db_looking:heads", "Show the newest revision, or all of them."),
    "history": ("pyfly.cli.db_looking:history", "Show all revisions."),
    "init": ("pyfly.cli.db_writing:init", "Make the folder of revisions."),
    "merge": ("pyfly.cli.db_writing:merge", "Write a revision that joins branches."),
    "migrate": ("pyfly.cli.db_writing:migrate", "Write a revision from what changed in the entities."),
    "stamp": ("pyfly.cli.db_changing:stamp", "Note a revision without running anything."),
    "upgrade": ("pyfly.cli.db_changing:upgrade", "Apply revisions."),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS)
def db() -> None:
    """Database migrations: the tables follow the entities, revision by revision."""
