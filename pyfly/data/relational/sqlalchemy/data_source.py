"""A database: its address, its connections and whether it can be reached."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import MetaData, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy.dialects import engine_options, is_in_memory, prepare, with_driver
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
        return f"DataSource({self.name!r}, {self.url.render_as_string(hide_password=True)!r})"

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
            ServiceUnavailableException: The database does not answer.
        """
        try:
            with translated():
                await asyncio.wait_for(self._select_one(), self._connect_timeout.total_seconds())
                if self._schema is SchemaMode.CREATE:
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
        try:
            await asyncio.wait_for(self._select_one(), self._connect_timeout.total_seconds())
        except TimeoutError:
            return Ping(False, f"no answer within {self._connect_timeout.total_seconds():g} s")
        except (SQLAlchemyError, OSError) as failure:
            return Ping(False, type(getattr(failure, "orig", None) or failure).__name__)
        return Ping(True)

    async def _select_one(self) -> None:
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def _create_tables(self) -> None:
        async with self.engine.begin() as connection:
            for metadata in self._metadata:
                await connection.run_sync(metadata.create_all)
