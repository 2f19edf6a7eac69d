"""Where the migrations of one data source are, and how they are applied."""

from datetime import timedelta
from pathlib import Path

from pyfly.core.config import Config
from pyfly.data.relational.keys import DEFAULT
from pyfly.data.relational.properties import MigrationProperties
from pyfly.kernel.record import Record

_FOLDER = "migrations"


class MigrationSettings(Record, kw_only=True):
    """The folder of a data source's revisions and the rules of applying them."""

    folder: Path = Path(_FOLDER)
    version_table: str = "alembic_version"
    lock_timeout: timedelta = timedelta(seconds=60)


def settings_of(name: str, said: MigrationProperties, config: Config) -> MigrationSettings:
    """Return what *said* means for the data source called *name*.

    A relative location is one beside the configuration file, or in the working directory if there is none.
    """
    return MigrationSettings(
        folder=_folder(said.location or (_FOLDER if name == DEFAULT else f"{_FOLDER}/{name}"), _home(config)),
        version_table=said.version_table,
        lock_timeout=said.lock_timeout,
    )


def _folder(location: str, home: Path) -> Path:
    package, colon, inside = location.partition(":")
    if colon and not Path(location).is_absolute():
        from importlib.resources import files  # for those who keep revisions in a package

        return Path(str(files(package).joinpath(inside)))
    return home / location


def _home(config: Config) -> Path:
    own = (Path(source) for source in config.loaded_sources)
    found = next((path.parent for path in own if path.stem == "pyfly"), Path())
    return (found.parent if found.name == "config" else found).absolute()
