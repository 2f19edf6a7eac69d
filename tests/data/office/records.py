"""What the office stores, in which data source, and who does it."""

import asyncio
import contextlib
from typing import Annotated

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import Named, repository, service
from pyfly.data import (
    ConnectionManager,
    DataSource,
    Isolation,
    Propagation,
    SqlClient,
    SqlHook,
    SqlStatement,
    TransactionConflictError,
    transactional,
)
from pyfly.data.relational.sqlalchemy import Repository


class Files(DeclarativeBase):
    """The tables of the office."""


class Letter(Files):
    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))


class Archive(DeclarativeBase):
    """The tables of the archive, which is another database."""


class Paper(Archive):
    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))


@repository
class Letters(Repository[Letter, int]):
    pass


@repository(datasource="archive")
class Papers(Repository[Paper, int]):
    pass


@service
class Clerk:
    def __init__(self, letters: Letters, papers: Papers, client: SqlClient) -> None:
        self.letters = letters
        self.papers = papers
        self.client = client
        self.attempts = 0

    @transactional
    async def write_and_fail(self, title: str) -> None:
        await self.letters.save(Letter(title=title))
        raise LookupError(title)

    @transactional("archive")
    async def file_and_fail(self, title: str) -> None:
        await self.papers.save(Paper(title=title))
        raise LookupError(title)

    @transactional
    async def write_with_note(self, title: str) -> None:
        await self.letters.save(Letter(title=title))
        with contextlib.suppress(LookupError):
            await self.note_and_fail(f"note on {title}")

    @transactional(propagation=Propagation.NESTED)
    async def note_and_fail(self, title: str) -> None:
        await self.letters.save(Letter(title=title))
        raise LookupError(title)

    @transactional(timeout="50ms")
    async def dawdle(self) -> None:
        await self.letters.save(Letter(title="never"))
        await asyncio.Event().wait()

    @transactional(isolation=Isolation.SERIALIZABLE)
    async def collide(self, times: int) -> int:
        self.attempts += 1
        await self.letters.save(Letter(title=f"attempt {self.attempts}"))
        if self.attempts <= times:
            raise TransactionConflictError("another one was faster")
        return self.attempts

    @transactional
    async def amend(self, letter: Letter) -> None:
        self.attempts += 1
        letter.title += "!"
        raise TransactionConflictError("another one was faster")

    @transactional(read_only=True)
    async def titles(self) -> list[str]:
        return [row["title"] for row in await self.client.query("SELECT title FROM letters ORDER BY id")]


@transactional
@service
class Typist:
    """Plain code, in transactions all the same."""

    def __init__(self, client: SqlClient) -> None:
        self.client = client.sync

    def type(self, *titles: str) -> int:
        rows = [{"title": title} for title in titles]
        return self.client.execute("INSERT INTO letters (title) VALUES (:title)", rows)

    def type_and_fail(self, title: str) -> None:
        self.type(title)
        raise LookupError(title)

    @transactional(read_only=True)
    def peek_and_type(self, title: str) -> None:
        self.type(title)


@service
class Porter:
    def __init__(
        self,
        connections: ConnectionManager,
        archive: Annotated[DataSource, Named("archive")],
        main: DataSource,
    ) -> None:
        self.connections = connections
        self.archive = archive
        self.main = main


@service
class Listener(SqlHook):
    def __init__(self) -> None:
        self.seen: list[str] = []
        self.refused: list[str] = []

    def before(self, statement: SqlStatement) -> None:
        """Only what succeeds is of interest."""

    def after(self, statement: SqlStatement) -> None:
        self.seen.append(f"{statement.datasource}: {statement.sql.split()[0]}")

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        self.refused.append(type(failure).__name__)
