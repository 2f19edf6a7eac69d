"""What migrations need to know of a data source."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, MetaData, Table

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy.migrations.settings import MigrationSettings

T = TypeVar("T")


class Target(Protocol):
    """A database with its entities; a data source is one."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def url(self) -> URL:
        """Where it is."""

    @property
    def metadata(self) -> Sequence[MetaData]:
        """The tables of its entities."""

    @property
    def tables_elsewhere(self) -> Collection[Table]:
        """Those among them that are in other databases."""

    @property
    def collation(self) -> str:
        """How tables that are made in MariaDB compare text; exactly, if it is empty."""

    @property
    def schema(self) -> SchemaMode:
        """What the start does about the tables."""

    @property
    def migrations(self) -> MigrationSettings:
        """Where the revisions are."""

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what *work* makes of a connection."""
