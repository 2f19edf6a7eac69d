"""What the commands of ``pyfly db`` share: their options, and the data source that they are about."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pyfly.cli.errors import print_traceback
from pyfly.kernel.record import Record

if TYPE_CHECKING:
    from pyfly.core.application import PyFlyApplication
    from pyfly.data.relational.sqlalchemy.data_source import DataSource
    from pyfly.data.relational.sqlalchemy.migrations.migrator import Migrator

T = TypeVar("T")
C = TypeVar("C", bound=Callable[..., Any])


class Chosen(Record):
    """Which application, which of its data sources, and with which profiles."""

    app: str | None
    datasource: str
    profiles: tuple[str, ...]


def database_options(command: C) -> C:
    """Add the options that say which database is meant; the command is called with one ``chosen``."""
    options = (
        click.option("--app", metavar="MODULE:NAME", help="The application; else that of this folder."),
        click.option("--datasource", "-d", default="default", show_default=True, help="Which data source."),
        click.option(
            "--profile", "profiles", multiple=True, help="A profile to activate; may be given several times."
        ),
    )

    def gathered(
        *args: Any, app: str | None, datasource: str, profiles: tuple[str, ...], **rest: Any
    ) -> object:
        return command(*args, chosen=Chosen(app, datasource, profiles), **rest)

    gathered.__doc__ = command.__doc__
    gathered.__name__ = command.__name__
    gathered.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    for each in reversed(options):
        gathered = each(gathered)
    return gathered  # type: ignore[return-value]


class Opened:
    """The migrations of one data source, and the data source."""

    def __init__(self, source: "DataSource", migrator: "Migrator") -> None:
        """Use *migrator*, which migrates *source*."""
        self.migrator = migrator
        self._source = source

    def connected(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what *work* does with the database, and close its connections.

        Raises:
            DataSourceUnavailableError: The database does not answer.
        """
        return asyncio.run(self._connected(work))

    async def _connected(self, work: Callable[[], Awaitable[T]]) -> T:
        from pyfly.data.exceptions import DataSourceUnavailableError
        from pyfly.data.relational.keys import key_of

        try:
            if not (ping := await self._source.ping()):
                shown = self._source.url.render_as_string(hide_password=True)
                key = key_of(self._source.name, "url")
                raise DataSourceUnavailableError(self._source.name, shown, ping.reason, key=key)
            return await work()
        finally:
            await self._source.stop()


@contextmanager
def migrations_of(chosen: Chosen) -> Iterator[Opened]:
    """Give the migrations of the chosen data source. Nothing of the application is started or connected.

    What goes wrong is reported, and ends the command with exit code 1.
    """
    from pyfly.cli.reporting import Starting  # --help needs none of it
    from pyfly.core.config.keys import parse_key

    if chosen.profiles:
        # An application that is made while its module is imported sees them, too.
        os.environ[parse_key("pyfly.profiles.active").variable] = ",".join(chosen.profiles)
    context = click.get_current_context()
    with Starting(debug=bool(context.find_root().params.get("debug"))) as starting:
        # What modules print or log while they are imported is not what was asked for.
        with redirect_stdout(sys.stderr):
            application = _application(chosen.app)
            starting.watch(application)
            application.context.check()
            source = _source(application, chosen.datasource)
        # What is said about pools and plugins is not what was asked for, either.
        logging.disable(logging.INFO)
        # There is a data source, so its library is there, too.
        from pyfly.data.relational.sqlalchemy.migrations import Migrator

        with _told():
            yield Opened(source, Migrator(source))
    if starting.failed:
        context.exit(1)


@contextmanager
def _told() -> Iterator[None]:
    """End the command with an explanation, and no talk of a start, if a migration does not work."""
    from pyfly.data.exceptions import DataSourceUnavailableError
    from pyfly.data.relational.sqlalchemy.migrations import MigrationError

    try:
        yield
    except (MigrationError, DataSourceUnavailableError) as failure:
        told = failure.diagnosis
        if click.get_current_context().find_root().params.get("debug"):
            print_traceback(failure)
        raise click.ClickException("\n  ".join((told.what, *told.why, *told.fix))) from failure


def _application(app: str | None) -> "PyFlyApplication":
    from pyfly.cli.applications import application_of

    application = application_of(Path.cwd(), app)
    if application is None:
        raise click.ClickException(
            "No application found: set pyfly.app.module in pyfly.yaml, or name it with --app package.module:name."
        )
    return application


def _source(application: "PyFlyApplication", name: str) -> "DataSource":
    container = application.context.container
    if "sqlalchemy" in sys.modules:
        from pyfly.data.relational.sqlalchemy.data_source import DataSource

        sources = {each.name: each for each in container.resolve_all(DataSource)}
        if name in sources:
            return sources[name]
        if sources:
            raise click.ClickException(
                f"There is no data source '{name}'; there are: {', '.join(sorted(sources))}."
            )
    raise click.ClickException("The application has no database: set pyfly.data.url.")
