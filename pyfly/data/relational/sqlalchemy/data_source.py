"""A database: its address, its connections and whether it can be reached."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pyfly.data.exceptions import DataSourceUnavailableError
from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy.dialects import (
    engine_options,
    is_in_memory,
    lock_for_schema,
    prepare,
    probe,
    with_driver,
)
from pyfly.data.relational.sqlalchemy.errors import translated


@dataclass(frozen=True, slots=True)
class Ping:
    """Whether a database answered; true when it did, else with the *reason*."""

    is_up: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.is_up


class DataSource:
    """One database. Its connections are opened when they are first needed and closed by :meth:`stop`."""

    phase: ClassVar[int] = -1000

    def __init__(
        self,
        url: str,
        *,
        name: str = "default",
        pool_size: int = 10,
        connect_timeout: timedelta = timedelta(seconds=5),
        echo: bool = False,
        schema: SchemaMode = SchemaMode.NONE,
        metadata: Sequence[MetaData] = (),
    ) -> None:
        """Describe the database at *url*; nothing is connected yet.

        Args:
            url: Where it is; a driver is added if none is named.
            name: What it is called in messages and in health reports.
            pool_size: Most connections open at once.
            connect_timeout: Longest wait for the first connection, and for a free one later.
            echo: Log every statement with its parameters.
            schema: What :meth:`start` does about missing tables.
            metadata: The tables that ``schema`` is about.
        """
        self.name = name
        self.url = with_driver(url)
        self.is_in_memory = is_in_memory(self.url)
        self._pool_size = pool_size
        self._connect_timeout = connect_timeout
        self._echo = echo
        self._schema = schema
        self._metadata = tuple(metadata)
        self._engine: AsyncEngine | None = None

    def __repr__(self) -> str:
        return f"DataSource({self.name!r}, {self._shown_url!r})"

    @property
    def engine(self) -> AsyncEngine:
        """The engine, made on first use."""
        if self._engine is None:
            self._engine = create_async_engine(
                self.url,
                echo=self._echo,
                hide_parameters=not self._echo,
                **engine_options(self.url, self._pool_size, self._connect_timeout),
            )
            prepare(self._engine)
        return self._engine

    async def start(self) -> None:
        """Connect once, and make the tables if configured.

        Raises:
            DataSourceUnavailableError: The database does not answer.
        """
        try:
            await self._require_an_answer()
            if self._schema is SchemaMode.CREATE:
                with translated():
                    await self._create_tables()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close every connection. The next use opens new ones."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.dispose()

    async def ping(self) -> Ping:
        """Return whether the database answers within the connect timeout; never raise."""
        limit = self._connect_timeout.total_seconds()
        try:
            await asyncio.wait_for(self._select_one(), limit)
        except TimeoutError:
            return Ping(False, f"No answer within {limit:g} s")
        except OSError as failure:
            return Ping(False, str(failure))
        except SQLAlchemyError as failure:
            return Ping(False, _said(failure))
        return Ping(True)

    @property
    def _shown_url(self) -> str:
        return self.url.render_as_string(hide_password=True)

    async def _require_an_answer(self) -> None:
        ping = await self.ping()
        if not ping:
            raise DataSourceUnavailableError(self.name, self._shown_url, ping.reason)

    async def _select_one(self) -> None:
        probe(self.url)
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def _create_tables(self) -> None:
        """Create what is missing; of several processes that start together, one creates and the others wait."""
        async with self.engine.begin() as connection:
            await connection.run_sync(lock_for_schema)
            for metadata in self._metadata:
                await connection.run_sync(metadata.create_all)


def _said(failure: SQLAlchemyError) -> str:
    """Return what the driver said about a connection; its errors about statements are not repeated."""
    cause = failure.orig if isinstance(failure, DBAPIError) and failure.statement is None else None
    return str(cause or type(failure).__name__)
