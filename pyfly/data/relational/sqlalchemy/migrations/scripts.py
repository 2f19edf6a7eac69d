"""The revisions of a project, as files."""

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from alembic.util.exc import CommandError

from pyfly.data.relational.keys import option_of
from pyfly.data.relational.sqlalchemy.migrations.exceptions import (
    InvalidRevisionError,
    MissingMigrationsError,
)
from pyfly.data.relational.sqlalchemy.migrations.settings import MigrationSettings
from pyfly.data.relational.sqlalchemy.migrations.templates import ENVIRONMENT, REVISION
from pyfly.kernel.record import Record

WORK: Final = "pyfly.work"
"""Where :func:`run_migrations` finds what it is to do, among the attributes of Alembic's configuration."""


class Revision(Record, kw_only=True):
    """One step of a schema's history."""

    id: str
    message: str
    parents: tuple[str, ...]
    is_head: bool
    path: Path

    def __str__(self) -> str:
        return f"{self.id} ({self.message})" if self.message else self.id


class Scripts:
    """The folder of revisions of one data source."""

    def __init__(self, source: str, settings: MigrationSettings) -> None:
        """Read the revisions of the data source called *source* where *settings* say."""
        self.folder = settings.folder
        self._source = source

    def exist(self) -> bool:
        """Return whether the folder is one of migrations."""
        return (self.folder / "env.py").is_file()

    def create(self) -> tuple[Path, ...]:
        """Make the folder and return its files.

        Raises:
            FileExistsError: One of them is there.
        """
        texts = {"env.py": ENVIRONMENT, "script.py.mako": REVISION, "versions/.gitkeep": ""}
        if there := next((name for name in texts if (self.folder / name).exists()), None):
            raise FileExistsError(f"{self.folder / there} exists already")
        for name, text in texts.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        return tuple(self.folder / name for name in texts)

    def alembic(self, work: object = None, output: StringIO | None = None) -> Config:
        """Return a configuration for Alembic's commands; *work* is what :func:`run_migrations` finds.

        Raises:
            MissingMigrationsError: There is no folder of migrations.
        """
        if not self.exist():
            raise MissingMigrationsError(self._source, self.folder)
        config = Config(
            stdout=output or StringIO(),
            output_buffer=output,
            cmd_opts=Namespace(quiet=True),
            attributes={WORK: work},
        )
        for name, value in self._options().items():
            config.set_main_option(name, value.replace("%", "%%"))
        for name, value in _formatting().items():
            config.set_section_option("post_write_hooks", name, value.replace("%", "%%"))
        return config

    def heads(self) -> tuple[str, ...]:
        """Return the newest revision; several, if the history has branches that were not merged."""
        return tuple(sorted(self._directory().get_heads()))

    def history(self) -> tuple[Revision, ...]:
        """Return all revisions, oldest first."""
        with explained(self._source):
            return tuple(_revision(each) for each in reversed(list(self._directory().walk_revisions())))

    def _directory(self) -> ScriptDirectory:
        return ScriptDirectory.from_config(self.alembic())

    def _options(self) -> dict[str, str]:
        return {
            "script_location": str(self.folder),
            "file_template": "%(year)d_%(month).2d_%(day).2d_%(rev)s_%(slug)s",
            "timezone": "UTC",
            "path_separator": "os",
        }


def _formatting() -> dict[str, str]:
    """Let new revisions be formatted as the project is, if it uses ruff."""
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.is_file():
        return {}
    options = "format --quiet REVISION_SCRIPT_FILENAME"
    return {"hooks": "ruff", "ruff.type": "exec", "ruff.executable": str(ruff), "ruff.options": options}


def unapplied(history: Iterable[Revision], current: Iterable[str]) -> tuple[Revision, ...]:
    """Return those of *history* (oldest first) that a database at *current* has not seen."""
    revisions = tuple(history)
    parents = {each.id: each.parents for each in revisions}
    seen: set[str] = set()
    waiting = [each for each in current if each in parents]
    while waiting:
        revision = waiting.pop()
        if revision not in seen:
            seen.add(revision)
            waiting.extend(parents[revision])
    return tuple(each for each in revisions if each.id not in seen)


@contextmanager
def explained(source: str) -> Iterator[None]:
    """Raise what Alembic refuses to do in the block as an :class:`InvalidRevisionError` of the data source *source*."""
    try:
        yield
    except CommandError as failure:
        raise InvalidRevisionError(
            f"{str(failure).rstrip('.')}.",
            (),
            (f"`pyfly db history{option_of(source)}` shows the revisions there are.",),
        ) from failure


def _revision(script: Script) -> Revision:
    return Revision(
        id=script.revision,
        message=(script.doc or "").rstrip(".\n "),
        parents=(*_names(script.down_revision), *_names(script.dependencies)),
        is_head=script.is_head,
        path=Path(script.path),
    )


def _names(said: Any) -> tuple[str, ...]:
    return () if said is None else (said,) if isinstance(said, str) else tuple(said)
