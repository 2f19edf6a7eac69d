"""The keys of ``pyfly.data``: which databases the application talks to, and how."""

from datetime import timedelta
from enum import Enum
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.core.config.masking import mask
from pyfly.core.config.secret import Secret
from pyfly.data.enabled import Enabled
from pyfly.data.repeating import EVERYTHING, Repeatable
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record, attribute, copy_with


class SchemaMode(Enum):
    """What is done about the tables when the application starts."""

    NONE = "none"
    CREATE = "create"
    VALIDATE = "validate"
    MIGRATE = "migrate"


class Provider(Enum):
    """Where repositories keep their entities."""

    AUTO = "auto"
    SQLALCHEMY = "sqlalchemy"
    MEMORY = "memory"


class Mode(Enum):
    """Which code talks to a data source; both can always do so, but the start tries only what is meant."""

    ASYNC = "async"
    SYNC = "sync"
    BOTH = "both"


class IdKind(Enum):
    """Which UUIDs the mixin ``UuidId`` gives."""

    UUID4 = "uuid4"
    UUID7 = "uuid7"


class PoolProperties(Record, kw_only=True):
    """The connections of one data source."""

    min_size: Annotated[int, Ge(0), Doc("How many connections are opened at start-up, if warm-up is on.")] = 1
    max_size: Annotated[int, Ge(1), Doc("Most connections open at once.")] = 10
    warm_up: Annotated[bool, Doc("Open min-size connections when starting.")] = True
    connect_timeout: Annotated[timedelta, Doc("How long to wait for the database when connecting.")] = (
        timedelta(seconds=5)
    )
    acquire_timeout: Annotated[
        timedelta | None, Doc("How long to wait for a free connection; connect-timeout if not set.")
    ] = None
    recycle: Annotated[timedelta | None, Doc("The age at which a connection is replaced.")] = None
    pre_ping: Annotated[bool | None, Doc("Check a connection before use; if not set: except for SQLite.")] = (
        None
    )
    leak_threshold: Annotated[
        timedelta | None, Doc("Warn of connections that are in use for longer, with the code that took them.")
    ] = None


class MigrationProperties(Record, kw_only=True):
    """The revisions of one data source's schema."""

    location: Annotated[
        str,
        Doc(
            "Their folder, beside pyfly.yaml or as package:folder; migrations if not set, migrations/NAME for "
            "the data source NAME."
        ),
    ] = ""
    version_table: Annotated[str, Doc("The table that says at which revision the database is.")] = (
        "alembic_version"
    )
    lock_timeout: Annotated[timedelta, Doc("How long to wait while another process migrates.")] = timedelta(
        seconds=60
    )


class DataSourceProperties(Record, kw_only=True):
    """One data source: an address, or its parts."""

    url: Annotated[
        str, Doc("sqlite:///app.db or postgresql://user:password@host/name; drivers are chosen.")
    ] = ""
    engine: Annotated[
        str | None, Doc("Instead of url: sqlite, postgresql or mariadb, in any of their names.")
    ] = None
    host: Annotated[str, Doc("The host, for engine.")] = "localhost"
    port: Annotated[int | None, Doc("The port, for engine; the usual one if not set.")] = None
    name: Annotated[str, Doc("The database, or the file of SQLite, for engine.")] = ""
    user: Annotated[str, Doc("Who logs in, for engine.")] = ""
    password: Annotated[Secret, Doc("The password, for engine.")] = Secret("")
    mode: Annotated[Mode, Doc("Which kind of connection the start tries: async, sync or both.")] = Mode.ASYNC
    echo: Annotated[bool, Doc("Log every statement with its parameters.")] = False
    pool: Annotated[PoolProperties, Doc("The connections.")] = attribute(default_factory=PoolProperties)
    pool_size: Annotated[int | None, Ge(1), Doc("Short for pool.max-size.")] = None
    connect_timeout: Annotated[timedelta | None, Doc("Short for pool.connect-timeout.")] = None
    schema: Annotated[
        SchemaMode,
        Doc(
            "At the start: create what is missing, migrate to the newest revision, validate (refuse to start when "
            "revisions, tables or columns are missing, or differ in type or nullability), or none."
        ),
    ] = SchemaMode.NONE
    collation: Annotated[
        str,
        Doc(
            "MariaDB and MySQL: how the tables that are made compare text: exactly (utf8mb4_nopad_bin) if not set; "
            "the name of a collation, or database for that of the database."
        ),
    ] = ""
    migrations: Annotated[MigrationProperties, Doc("Its revisions.")] = attribute(
        default_factory=MigrationProperties
    )
    replica: Annotated[str, Doc("The data source that read-only transactions use instead.")] = ""
    optional: Annotated[bool, Doc("Start without the database if it does not answer.")] = False

    def __repr__(self) -> str:
        """Return the values, without the password in the address."""
        return Record.__repr__(copy_with(self, url=mask("url", self.url)))


class RetryProperties(Record, kw_only=True):
    """Attempts of units of work that the database gives up because of others."""

    max_attempts: Annotated[int, Ge(1), Doc("How often a unit is attempted at most; 1 never repeats.")] = 3
    backoff: Annotated[
        timedelta, Doc("The longest pause before the second attempt; each further one may be twice as long.")
    ] = timedelta(milliseconds=50)
    errors: Annotated[
        tuple[Repeatable, ...],
        Doc(
            "After what: conflict (with another transaction), connection (lost before anything was permanent)."
        ),
    ] = EVERYTHING


@config_properties("pyfly.data")
class DataProperties(DataSourceProperties, kw_only=True):
    """Settings of the default data source, and of the others."""

    enabled: Annotated[Enabled, Doc("auto: on as soon as a data source is configured.")] = Enabled.AUTO
    provider: Annotated[
        Provider,
        Doc(
            "memory: keep everything in empty databases in memory, one for each data source, and ask for no other."
        ),
    ] = Provider.AUTO
    datasources: Annotated[
        dict[str, DataSourceProperties], Doc("Further data sources by name, each with the keys of this one.")
    ] = attribute(default_factory=dict)
    id: Annotated[IdKind, Doc("The ids of entities with UuidId: uuid4 is random, uuid7 sorts by time.")] = (
        IdKind.UUID4
    )
    retry: Annotated[RetryProperties, Doc("Attempts after a conflict.")] = attribute(
        default_factory=RetryProperties
    )
