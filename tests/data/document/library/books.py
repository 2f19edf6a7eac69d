"""Documents, repositories and services of a library."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

from beanie import Indexed, Link, PydanticObjectId
from pydantic import BaseModel, Field

from pyfly.container import repository, service
from pyfly.container.stereotypes import component
from pyfly.data import (
    AuditorAware,
    Cursor,
    Page,
    Pageable,
    Scroll,
    after_commit,
    after_load,
    before_create,
    before_delete,
    before_update,
    transactional,
)
from pyfly.data.document.mongodb import (
    BaseDocument,
    MongoRepository,
    MongoTransactionManager,
    SoftDelete,
    Versioned,
    document_query,
)
from pyfly.data.hooks import SqlHook, SqlStatement
from pyfly.kernel.clock import Clock, SystemClock

# mypy: disable-error-code=empty-body


class Kind(Enum):
    NOVEL = "novel"
    POETRY = "poetry"


class Publisher(BaseModel):
    name: str
    city: str


class Author(BaseDocument):
    id: str | None = None  # type: ignore[assignment]
    name: Annotated[str, Indexed(unique=True)]

    class Settings:
        name = "authors"


class Book(Versioned, SoftDelete, BaseDocument):
    title: str
    kind: Kind = Kind.NOVEL
    price: Decimal = Decimal(0)
    tags: list[str] = Field(default_factory=list)
    publisher: Publisher | None = None
    author: Link[Author] | None = None

    class Settings:
        name = "books"
        indexes = ("price",)


class Reader(BaseDocument):
    id: UUID | None = None  # type: ignore[assignment]
    name: str
    fines: int = 0

    class Settings:
        name = "readers"


@dataclass
class Titled:
    title: str
    price: Decimal


@repository
class Authors(MongoRepository[Author, str]):
    async def find_by_name(self, name: str) -> Author | None: ...


@repository
class Books(MongoRepository[Book, PydanticObjectId]):
    async def find_by_title(self, title: str) -> Book: ...
    async def find_by_publisher_city_order_by_title(self, city: str) -> list[Book]: ...
    async def find_by_tags(self, tag: str) -> list[Book]: ...
    async def find_by_author(self, author: Any) -> list[Book]: ...
    async def find_by_kind(self, kind: Kind, page: Pageable) -> Page[Book]: ...
    async def find_by_price_greater_than(self, price: Decimal, scroll: Scroll) -> Cursor[Titled]: ...
    def stream_by_kind(self, kind: Kind) -> AsyncIterator[Book]: ...

    @document_query({"price": {"$gte": ":low"}, "tags": ":tag"})
    async def dear(self, low: Decimal, tag: str) -> list[Titled]: ...

    @document_query({"kind": ":kind"})
    async def how_many(self, kind: Kind) -> int: ...

    @document_query({"tags": {"$in": ":tags"}}, deletes=True)
    async def drop(self, tags: list[str]) -> int: ...

    @document_query(
        [
            {"$match": {"deleted_at": None, "price": {"$gte": ":low"}}},
            {"$group": {"_id": "$kind", "books": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ]
    )
    async def by_kind(self, low: Decimal) -> list[dict[str, Any]]: ...


@repository
class Readers(MongoRepository[Reader, UUID]):
    async def delete_by_fines_greater_than(self, limit: int) -> int: ...


class Refused(Exception):
    """Something in a unit of work has failed."""


@service
class Desk:
    """What goes on at the desk."""

    def __init__(self, readers: Readers, manager: MongoTransactionManager) -> None:
        self._readers = readers
        self._manager = manager
        self.told: list[str] = []

    @transactional
    async def fine(self, name: str, amount: int, *, refuse: bool = False) -> None:
        reader = await self._readers.save(Reader(name=name))
        after_commit(lambda: self.told.append(name))
        reader.fines += amount
        await self._readers.save(reader)
        if refuse:
            raise Refused

    @transactional("document")
    def fine_now(self, name: str, *, refuse: bool = False) -> None:
        self._readers.sync.save(Reader(name=name))
        if refuse:
            raise Refused

    @transactional
    async def with_beanie(self, *, refuse: bool = False) -> None:
        async with self._manager.session() as session:
            await Reader(id=UUID(int=1), name="beanie").insert(session=session)
        if refuse:
            raise Refused


@component
class Librarian(AuditorAware):
    """Names whoever works."""

    def __init__(self) -> None:
        self.name: str | None = "lib"

    def current_auditor(self) -> str | None:
        return self.name


@component
class Frozen(SystemClock, Clock):
    """A clock whose date stands still until it is told."""

    def __init__(self) -> None:
        self.time = datetime(2030, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@component
class Watch:
    """Is told of readers."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.loaded: list[str] = []

    @before_create(Reader)
    def create(self, reader: Reader) -> None:
        if reader.name == "nobody":
            raise Refused
        self.seen.append(f"create {reader.name}")

    @before_update(Reader)
    def update(self, reader: Reader) -> None:
        self.seen.append(f"update {reader.name}")

    @after_load(Reader)
    def load(self, reader: Reader) -> None:
        self.loaded.append(reader.name)

    @before_delete(Reader)
    def delete(self, reader: Reader) -> None:
        self.seen.append(f"delete {reader.name}")


@component
class Listening(SqlHook):
    """Hears of commands."""

    def __init__(self) -> None:
        self.heard: list[SqlStatement] = []
        self.failed: list[SqlStatement] = []

    def before(self, statement: SqlStatement) -> None:
        pass

    def after(self, statement: SqlStatement) -> None:
        self.heard.append(statement)

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        self.failed.append(statement)
