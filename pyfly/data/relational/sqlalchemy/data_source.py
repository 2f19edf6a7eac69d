"""A database: its address, its connections and whether it can be reached."""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pyfly.data.exceptions import DataSourceUnavailableError
from pyfly.data.ping import Ping
from pyfly.data.relational.keys import DEFAULT, key_of
from pyfly.data.relational.properties import Mode, PoolProperties, SchemaMode
from pyfly.data.relational.sqlalchemy.dialects import (
    engine_options,
    is_in_memory,
    locked_for_schema,
    prepare,
    probe,
    shared_memory,
    with_driver,
)
from pyfly.data.relational.sqlalchemy.errors import translated
from pyfly.data.relational.sqlalchemy.holders import Holders
from pyfly.data.relational.sqlalchemy.late_start import LateStart
from pyfly.data.relational.sqlalchemy.leaks import LeakWatch
from pyfly.data.relational.sqlalchemy.migrations.settings import MigrationSettings
from pyfly.data.relational.sqlalchemy.overriding import overriding
from pyfly.data.relational.sqlalchemy.pools import PoolStatistics, statistics_of, watch, watched_pool
from pyfly.data.relational.sqlalchemy.waiting import Waiting
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.exceptions import ServiceUnavailableException
from pyfly.kernel.record import copy_with

_log = logging.getLogger("pyfly.data")

SOURCE: Final = "pyfly.source"
"""The option of an engine that says which data source it belongs to."""

T = TypeVar("T")
EngineListener = Callable[[Engine, "DataSource"], None]


class DataSource:
    """One database. Its connections are opened when they are first needed and closed by :meth:`stop`.

    Attributes:
        name: What it is called.
        url: Where it is, with the async driver.
        pool: The settings of its connections.
        replica: The data source that serves read-only transactions instead, if there is one.
        siblings: The data sources of the application by name.
        holders: Who has a connection at the moment.
        leaks: Looks for those who do not give it back.
        schema: What :meth:`start` does about its tables.
        migrations: Where its revisions are.
        tables_elsewhere: Tables in its metadata that other data sources have.
        transactions: Who manages its transactions, once there is somebody.
        collation: How tables that are made in MariaDB compare text; exactly, if it is empty.
    """

    phase: ClassVar[int] = -1000

    def __init__(
        self,
        url: str,
        *,
        name: str = DEFAULT,
        pool_size: int | None = None,
        connect_timeout: timedelta | None = None,
        pool: PoolProperties | None = None,
        mode: Mode = Mode.ASYNC,
        echo: bool = False,
        schema: SchemaMode = SchemaMode.NONE,
        metadata: Sequence[MetaData] = (),
        tables_elsewhere: frozenset[Table] = frozenset(),
        optional: bool = False,
        collation: str = "",
        migrations: MigrationSettings | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Describe the database at *url*; nothing is connected yet.

        Args:
            url: Where it is; a driver is added if none is named.
            name: What it is called in messages and in health reports.
            pool_size: Most connections open at once, short for the size in *pool*.
            connect_timeout: Longest wait for a connection, short for the one in *pool*.
            pool: The settings of the connections.
            mode: Which kind of connection :meth:`start` tries.
            echo: Log every statement with its parameters.
            schema: What :meth:`start` does about missing tables.
            metadata: The tables that ``schema`` is about.
            tables_elsewhere: Tables in *metadata* that other data sources have.
            optional: Let :meth:`start` go on, with a warning, when the database does not answer.
            collation: Of the tables that are made in MariaDB: exact if empty, or its name, or ``database``.
            migrations: Where the revisions are that ``schema`` may be about.
            clock: What time it is; the machine's clock if there is none.
        """
        self.name = name
        self.url = with_driver(url)
        self.is_in_memory = is_in_memory(self.url)
        self.pool = _with_short_forms(pool or PoolProperties(), pool_size, connect_timeout)
        self.replica: DataSource | None = None
        self.siblings: Mapping[str, DataSource] = {}
        clock = clock or SystemClock()
        self.holders = Holders(clock)
        self.metadata = tuple(metadata)
        self.schema = schema
        self.migrations = migrations or MigrationSettings()
        self.tables_elsewhere = tables_elsewhere
        self.collation = collation
        self.transactions: Any = None
        self._optional = optional
        self._shared = shared_memory(self.url) if self.is_in_memory else self.url
        self._mode, self._echo = mode, echo
        self._listeners: list[EngineListener] = []
        self._engine: AsyncEngine | None = None
        self._sync_engine: Engine | None = None
        self._making = threading.Lock()
        self._waiting = Waiting()
        self.leaks = LeakWatch(name, self.holders, self.pool.leak_threshold)
        self._late_start = LateStart(name, self.ping, self._make_ready, clock)

    def __repr__(self) -> str:
        return f"DataSource({self.name!r}, {self._shown_url!r})"

    @property
    def engine(self) -> AsyncEngine:
        """The engine for async code, made on first use."""
        if self._engine is None:
            with self._making:
                self._engine = self._engine or self._make_engine()
        return self._engine

    @property
    def sync_engine(self) -> Engine:
        """The engine for other code, with connections of a synchronous driver, made on first use."""
        if self._sync_engine is None:
            with self._making:
                self._sync_engine = self._sync_engine or self._make_sync_engine()
        return self._sync_engine

    def statistics(self) -> PoolStatistics:
        """Return how many connections are in use, idle and waited for just now."""
        made = [self._engine.sync_engine] if self._engine is not None else []
        made += [self._sync_engine] if self._sync_engine is not None else []
        return statistics_of(made, self._waiting, self._pool_size)

    def on_engine(self, listener: EngineListener) -> None:
        """Call *listener* with each engine when it is made, before it has connections."""
        self._listeners.append(listener)

    def serving(self, *, read_only: bool) -> "DataSource":
        """Return the data source for a transaction: this one, its replica, or what overrides it here."""
        if other := overriding(self.name):
            return self._sibling(other)
        return self.replica if read_only and self.replica is not None else self

    def _sibling(self, name: str) -> "DataSource":
        if name not in self.siblings:
            known = ", ".join(sorted(self.siblings)) or "none"
            raise LookupError(
                f"There is no data source '{name}' to use instead of '{self.name}' (known: {known})"
            )
        return self.siblings[name]

    async def start(self) -> None:
        """Connect, open the first connections, and make the tables if configured.

        If the database is optional and does not answer, that is done when it answers for the first time.

        Raises:
            DataSourceUnavailableError: The database does not answer.
        """
        try:
            if await self._has_answered():
                await self._make_ready()
            else:
                self._late_start.start()
            self.leaks.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close every connection. The next use opens new ones."""
        try:
            await self._late_start.stop()
            await self.leaks.stop()
        finally:
            await self._close()

    async def _make_ready(self) -> None:
        await self._prepare_schema()
        if self.pool.warm_up and self.pool.min_size > 1 and not self.is_in_memory:
            await self._warm_up()

    async def _close(self) -> None:
        engine, self._engine = self._engine, None
        sync_engine, self._sync_engine = self._sync_engine, None
        try:
            if engine is not None:
                await engine.dispose()
        finally:
            if sync_engine is not None:
                await asyncio.to_thread(sync_engine.dispose)

    async def ping(self) -> Ping:
        """Return whether the database answers within the connect timeout; never raise."""
        limit = self.pool.connect_timeout.total_seconds()
        try:
            await asyncio.wait_for(self._select_one(), limit)
        except TimeoutError:
            return Ping(False, f"No answer within {limit:g} s")
        except (OSError, ImportError, ServiceUnavailableException) as failure:
            return Ping(False, str(failure))
        except SQLAlchemyError as failure:
            return Ping(False, _said(failure))
        return Ping(True)

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what *work* makes of one connection, off the event loop or in its greenlet; *work* commits."""
        if self._mode is Mode.SYNC:
            return await asyncio.to_thread(self._run_sync, work)
        async with self.engine.connect() as connection:
            return await connection.run_sync(work)

    def _run_sync(self, work: Callable[[Connection], T]) -> T:
        with self.sync_engine.connect() as connection:
            return work(connection)

    @property
    def _shown_url(self) -> str:
        return self.url.render_as_string(hide_password=True)

    def _make_engine(self) -> AsyncEngine:
        engine = create_async_engine(
            self._shared,
            echo=self._echo,
            hide_parameters=not self._echo,
            poolclass=self._pool_class(is_async=True),
            **engine_options(self.url, self.pool),
        )
        self._equip(engine.sync_engine)
        return engine

    def _make_sync_engine(self) -> Engine:
        url = with_driver(self.url, is_async=False)
        engine = create_engine(
            with_driver(self._shared, is_async=False),
            echo=self._echo,
            hide_parameters=not self._echo,
            poolclass=self._pool_class(is_async=False),
            **engine_options(url, self.pool),
        )
        self._equip(engine)
        return engine

    def _pool_class(self, *, is_async: bool) -> type:
        wait = (self.pool.acquire_timeout or self.pool.connect_timeout).total_seconds()
        return watched_pool(self.name, self._pool_size, wait, self.holders, self._waiting, is_async=is_async)

    @property
    def _pool_size(self) -> int:
        return 1 if self.is_in_memory else self.pool.max_size

    def _equip(self, engine: Engine) -> None:
        prepare(engine, self.collation)
        engine.update_execution_options(**{SOURCE: self})
        watch(engine, self.holders)
        for listener in self._listeners:
            listener(engine, self)

    async def _has_answered(self) -> bool:
        ping = await self.ping()
        if not ping:
            failure = DataSourceUnavailableError(
                self.name, self._shown_url, ping.reason, key=key_of(self.name, "url")
            )
            if not self._optional:
                raise failure
            _log.warning("%s; going on without it: %s", failure, ping.reason)
        return bool(ping)

    async def _select_one(self) -> None:
        probe(self.url)
        if self._mode is not Mode.SYNC:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        if self._mode is not Mode.ASYNC:
            await asyncio.to_thread(self._select_one_sync)

    def _select_one_sync(self) -> None:
        with self.sync_engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    async def _warm_up(self) -> None:
        number = min(self.pool.min_size, self.pool.max_size)
        with translated():
            if self._mode is not Mode.SYNC:
                connections = [self.engine.connect() for _ in range(number)]
                try:
                    await asyncio.gather(*(connection.start() for connection in connections))
                finally:
                    await asyncio.gather(*(c.close() for c in connections if c.sync_connection is not None))
            if self._mode is not Mode.ASYNC:
                await asyncio.to_thread(self._warm_up_sync, number)

    def _warm_up_sync(self, number: int) -> None:
        connections: list[Connection] = []
        try:
            connections.extend(self.sync_engine.connect() for _ in range(number))
        finally:
            for connection in connections:
                connection.close()

    async def _prepare_schema(self) -> None:
        match self.schema:
            case SchemaMode.NONE:
                return
            case SchemaMode.CREATE:
                with translated():
                    await self._create_tables()
            case _:
                # Alembic is for those who ask for it.
                from pyfly.data.relational.sqlalchemy.migrations.starting import prepare_schema

                await prepare_schema(self)

    async def _create_tables(self) -> None:
        """Create what is missing; of several processes that start together, one creates and the others wait."""
        await self.run(self._make_tables)

    def _make_tables(self, connection: Connection) -> None:
        with locked_for_schema(connection, self.migrations.lock_timeout, self.name):
            for metadata in self.metadata:
                mine = [table for table in metadata.sorted_tables if table not in self.tables_elsewhere]
                metadata.create_all(connection, tables=mine)


def _with_short_forms(
    pool: PoolProperties, size: int | None, connect_timeout: timedelta | None
) -> PoolProperties:
    short = {"max_size": size, "connect_timeout": connect_timeout}
    return copy_with(pool, **{name: value for name, value in short.items() if value is not None})


def _said(failure: SQLAlchemyError) -> str:
    """Return what the driver said about a connection; its errors about statements are not repeated."""
    cause = failure.orig if isinstance(failure, DBAPIError) and failure.statement is None else None
    return str(cause or type(failure).__name__)
