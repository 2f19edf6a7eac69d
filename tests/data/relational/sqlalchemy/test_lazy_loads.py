"""What is loaded entity by entity, or cannot be loaded any more, in an application with a database."""

# mypy: disable-error-code=empty-body

import asyncio
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ForeignKey, String, bindparam, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from pyfly.container import repository, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import DataAccessException, LazyLoadError, transactional
from pyfly.data.hooks import LazyLoadHook
from pyfly.data.relational.sqlalchemy import Repository, query


class Tables(DeclarativeBase):
    pass


class Shelf(Tables):
    __tablename__ = "lazy_shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    books: Mapped[list["Book"]] = relationship(back_populates="shelf")


class Book(Tables):
    __tablename__ = "lazy_books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(50))
    shelf_id: Mapped[int] = mapped_column(ForeignKey("lazy_shelves.id"))
    shelf: Mapped[Shelf] = relationship(back_populates="books")


@repository
class Shelves(Repository[Shelf, int]):
    @query(update(Book).values(title=bindparam("title")), modifying=True)
    async def rename(self, title: str) -> int: ...


@service
class Librarian:
    def __init__(self, shelves: Shelves) -> None:
        self.shelves = shelves

    @transactional
    async def read(self) -> int:
        return sum(len(shelf.books) for shelf in await self.shelves.find_all())

    @transactional
    async def read_detached(self, shelf: Shelf) -> int:
        return len(shelf.books)

    @transactional
    def count(self) -> int:
        return sum(len(shelf.books) for shelf in self.shelves.sync.find_all())


Build = Callable[..., ApplicationContext]


@pytest.fixture
def library(tmp_path: Path) -> Build:
    def build(**settings: Any) -> ApplicationContext:
        data = {"url": f"sqlite:///{tmp_path}/lazy.db", "schema": "create", **settings.pop("data", {})}
        context = ApplicationContext(Config({"pyfly": {"data": data, **settings}}))
        context.register_bean(Shelves)
        context.register_bean(Librarian)
        return context

    return build


async def fill(context: ApplicationContext) -> list[Shelf]:
    shelves = [Shelf(books=[Book(title=str(number))]) for number in range(6)]
    return await context.get_bean(Shelves).save_all(shelves)


@pytest.mark.filterwarnings("ignore:coroutine")  # which the driver had begun when SQLAlchemy found out
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_what_async_code_cannot_load_is_named_with_its_place(library: Build) -> None:
    async with library() as context:
        await fill(context)
        librarian = context.get_bean(Librarian)
        detached = await context.get_bean(Shelves).find_all()
        for call in (librarian.read, lambda: librarian.read_detached(detached[0])):
            with pytest.raises(LazyLoadError, match=r"Shelf\.books was not loaded") as caught:
                await call()
            assert (caught.value.entity, caught.value.attribute) == ("Shelf", "books")
            assert "test_lazy_loads.py" in caught.value.place
            assert "selectinload(Shelf.books)" in caught.value.__notes__[0]
            assert isinstance(caught.value, DataAccessException)
            del caught
    gc.collect()  # The coroutine is held by the traceback, and warns when it goes.


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"profiles": {"active": "test"}}, 1),
        ({"data": {"hooks": {"n-plus-one": {"enabled": True}}}}, 1),
        ({"profiles": {"active": "test"}, "data": {"hooks": {"n-plus-one": {"enabled": False}}}}, None),
        ({}, None),
    ],
)
async def test_what_is_loaded_one_by_one_is_told_once_in_development_and_tests(
    library: Build, settings: dict[str, Any], wanted: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    async with library(**settings) as context:
        await fill(context)
        assert await asyncio.to_thread(context.get_bean(Librarian).count) == 6
        assert await context.get_bean(Shelves).rename("new") == 6
        hooks = [context.container.get(each) for each in context.container.definitions_of(LazyLoadHook)]
        assert [hook.count for hook in hooks] == ([] if wanted is None else [wanted])
    told = [each.getMessage() for each in caplog.records if each.name == "pyfly.data.loading"]
    assert len(told) == (wanted or 0)
    for line in told:
        assert "Shelf.books was loaded 5 times, one by one, at" in line
        assert "test_lazy_loads.py" in line
        assert "selectinload(Shelf.books)" in line
