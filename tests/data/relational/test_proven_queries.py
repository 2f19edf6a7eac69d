# mypy: disable-error-code=empty-body
"""What queries send to the database and what they answer, with the statements counted, on every database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import ForeignKey, String, bindparam, event, func, inspect, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import (
    Cursor,
    DataSource,
    Page,
    Pageable,
    Scroll,
    Slice,
    Sort,
    TransactionManager,
    include_deleted,
)
from pyfly.data.relational.sqlalchemy import (
    Repository,
    SoftDelete,
    SqlAlchemyTransactionManager,
    Timestamped,
    Versioned,
    query,
)
from pyfly.kernel.clock import Clock
from pyfly.testing import TestClock


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Writer(Tables):
    __tablename__ = "writers"
    __table_args__ = {"mysql_collate": "utf8mb4_bin"}  # noqa: RUF012  # as SQLAlchemy wants it

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    town: Mapped[str] = mapped_column(String(40), default="")
    is_alive: Mapped[bool] = mapped_column(default=True)
    novels: Mapped[list["Novel"]] = relationship(
        back_populates="writer", lazy="selectin", cascade="all, delete-orphan"
    )


class Novel(Timestamped, Versioned, Tables):
    __tablename__ = "novels"

    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(40))
    pages: Mapped[int] = mapped_column(default=0)
    writer_code: Mapped[str] = mapped_column(ForeignKey("writers.code"))
    writer: Mapped[Writer] = relationship(back_populates="novels")


class Draft(SoftDelete, Tables):
    __tablename__ = "drafts"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    length: Mapped[int] = mapped_column(default=0)


@dataclass
class Town:
    town: str


@repository
class Writers(Repository[Writer, str]):
    async def find_distinct_by_is_alive_order_by_town(self, is_alive: bool) -> list[Town]: ...

    async def find_distinct_by_novels_pages_greater_than(self, pages: int) -> list[Writer]: ...

    async def count_distinct_by_novels_pages_greater_than(self, pages: int) -> int: ...

    async def exists_by_town(self, town: str) -> bool: ...

    async def find_by_town(self, town: str, pageable: Pageable) -> Slice[Writer]: ...

    @query("SELECT * FROM writers WHERE town = :town")
    async def of(self, town: str) -> list[Writer]: ...

    @query("SELECT * FROM writers WHERE town = :town ORDER BY code")
    async def some_of(self, town: str, pageable: Pageable) -> Slice[Writer]: ...

    @query("SELECT EXISTS(SELECT 1 FROM writers WHERE town = :town)")
    async def is_there_one_in(self, town: str) -> bool: ...

    @query("SELECT town FROM writers w WHERE EXISTS(SELECT 1 FROM novels n WHERE n.writer_code = w.code)")
    async def towns_of_novels(self) -> list[str]: ...

    @query("SELECT town, count(*) FROM writers GROUP BY town ORDER BY town")
    async def by_town(self) -> list[tuple[str, int]]: ...

    @query("SELECT u.code FROM writers u WHERE u.town = 'menu.true or u.false' AND u.is_alive = true")
    async def oddly_placed(self) -> list[str]: ...


@repository
class Novels(Repository[Novel, int]):
    @query("UPDATE novels SET pages = pages + :by", modifying=True)
    async def lengthen(self, by: int) -> int: ...

    @query(update(Novel).values(pages=Novel.pages + bindparam("by")), modifying=True)
    async def lengthen_as_entities(self, by: int) -> int: ...


@repository
class Drafts(Repository[Draft, str]):
    async def find_by_length_greater_than(self, length: int, pageable: Pageable) -> Slice[Draft]: ...

    async def find_by_length_less_than(self, length: int, scroll: Scroll) -> Cursor[Draft]: ...

    async def find_distinct_by_length_less_than(self, length: int) -> list[Draft]: ...

    async def exists_by_length(self, length: int) -> bool: ...

    async def count_distinct_by_length_less_than(self, length: int) -> int: ...

    @query("SELECT * FROM drafts ORDER BY code")
    async def in_the_table(self) -> list[Draft]: ...

    @query(select(Draft).where(Draft.length < bindparam("below")))
    async def shorter(self, below: int, pageable: Pageable) -> Page[Draft]: ...

    @query(select(Draft).where(Draft.length < bindparam("below")))
    async def some_shorter(self, below: int, pageable: Pageable) -> Slice[Draft]: ...

    @query(select(func.max(Draft.length)))
    async def longest(self) -> int: ...


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/library.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
async def context(url: str, clock: TestClock) -> AsyncIterator[ApplicationContext]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    context.container.register_instance(clock, Clock)
    for each in (Writers, Novels, Drafts):
        context.register_bean(each)
    async with context:
        yield context


@pytest.fixture
def statements(context: ApplicationContext) -> list[str]:
    sent: list[str] = []
    engine = context.get_bean(DataSource).engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: sent.append(text))
    return sent


@pytest.fixture
async def writers(context: ApplicationContext) -> Writers:
    """Two writers in one town, of whom one has two novels of two hundred pages, and one elsewhere."""
    writers = context.get_bean(Writers)
    novels = [Novel(number=number, title=f"n{number}", pages=200) for number in (1, 2)]
    found = [Writer(code="a", town="oslo", novels=novels), Writer(code="b", town="oslo")]
    await writers.save_all([*found, Writer(code="c", town="menu.true or u.false")])
    return writers


@pytest.fixture
async def drafts(context: ApplicationContext) -> Drafts:
    """Drafts ``a`` to ``e`` of growing length, of which ``b`` and ``e`` are deleted."""
    drafts = context.get_bean(Drafts)
    await drafts.save_all([Draft(code=code, length=number) for number, code in enumerate("abcde")])
    await drafts.delete_all_by_id(["b", "e"])
    return drafts


def codes(found: list[Draft] | list[Writer]) -> list[str]:
    return [each.code for each in found]


def counts(statements: list[str]) -> int:
    return sum("count(" in text.lower() for text in statements)


@pytest.mark.parametrize("way", ["delete_all_by_id", "delete_all", "sync"])
async def test_several_are_deleted_by_ids_that_are_not_called_id(writers: Writers, way: str) -> None:
    if way == "sync":
        writers.sync.delete_all_by_id(["a", "nobody", "c"])
    else:
        await getattr(writers, way)(["a", "nobody", "c"])
    assert codes(await writers.find_all()) == ["b"]


async def test_deleting_several_by_id_marks_those_that_are_only_marked(drafts: Drafts) -> None:
    assert codes(await drafts.find_all(Sort.by("code"))) == ["a", "c", "d"]
    with include_deleted():
        assert await drafts.count() == 5


async def test_slices_cursors_and_what_is_distinct_pass_over_what_was_deleted(drafts: Drafts) -> None:
    request = Pageable.of(1, 2, Sort.by("code"))
    found = await drafts.find_by_length_greater_than(-1, request)
    assert (codes(found.items), found.has_next) == (["a", "c"], True)
    assert codes((await drafts.find_slice(Pageable.of(2, 2, Sort.by("code")))).items) == ["d"]
    first = await drafts.find_by_length_less_than(9, Scroll(None, 2, Sort.by("code")))
    assert codes(first.items) == ["a", "c"]
    rest = await drafts.find_by_length_less_than(9, Scroll(first.next, 2, Sort.by("code")))
    assert (codes(rest.items), rest.next) == (["d"], None)
    assert codes((await drafts.find_all(Scroll(size=9))).items) == ["a", "c", "d"]
    assert sorted(codes(await drafts.find_distinct_by_length_less_than(9))) == ["a", "c", "d"]
    assert await drafts.count_distinct_by_length_less_than(9) == 3
    assert not await drafts.exists_by_length(1)


async def test_a_query_of_the_orm_passes_over_what_was_deleted_and_sql_shows_the_table(
    drafts: Drafts,
) -> None:
    page = await drafts.shorter(9, Pageable.of(1, 2, Sort.by("code")))
    assert (codes(page.items), page.total) == (["a", "c"], 3)
    found = await drafts.some_shorter(9, Pageable.of(2, 2, Sort.by("code")))
    assert (codes(found.items), found.has_next) == (["d"], False)
    assert await drafts.longest() == 3
    assert codes(await drafts.in_the_table()) == ["a", "b", "c", "d", "e"]


async def test_what_is_distinct_is_found_and_counted_once(writers: Writers) -> None:
    found = await writers.find_distinct_by_is_alive_order_by_town(True)
    assert found == [Town("menu.true or u.false"), Town("oslo")]
    assert codes(await writers.find_distinct_by_novels_pages_greater_than(100)) == ["a"]
    assert await writers.count_distinct_by_novels_pages_greater_than(100) == 1


async def test_existence_is_asked_for_without_counting(writers: Writers, statements: list[str]) -> None:
    statements.clear()
    assert await writers.exists_by_town("oslo")
    assert not await writers.exists_by_town("rome")
    asked = [text for text in statements if "writers" in text]
    assert len(asked) == 2
    assert all("EXISTS" in text for text in asked)  # the database stops at the first row
    assert counts(statements) == 0


async def test_a_slice_is_never_counted(writers: Writers, statements: list[str]) -> None:
    request = Pageable.of(1, 1, Sort.by("code"))
    for found in (
        await writers.find_by_town("oslo", request),
        await writers.some_of("oslo", Pageable.of(1, 1)),
        await writers.find_slice(request, town="oslo"),
    ):
        assert (codes(found.items), found.has_next) == (["a"], True)
    assert counts(statements) == 0
    assert (await writers.find_all(request, town="oslo")).total == 2
    assert counts(statements) == 1


async def test_entities_of_a_query_have_their_relationships_and_belong_to_the_transaction(
    context: ApplicationContext, writers: Writers
) -> None:
    [first, _second] = sorted(await writers.of("oslo"), key=lambda each: each.code)
    assert [novel.title for novel in first.novels] == ["n1", "n2"]
    manager: TransactionManager = context.get_bean(SqlAlchemyTransactionManager)
    async with manager.transaction():
        [found] = await writers.of("menu.true or u.false")
        assert inspect(found).persistent
        assert await writers.find_by_id("c") is found
        found.town = "rome"
    assert codes(await writers.of("rome")) == ["c"]


async def test_the_annotation_says_what_exists_and_count_answer(writers: Writers) -> None:
    assert await writers.is_there_one_in("oslo") is True
    assert await writers.is_there_one_in("rome") is False
    assert await writers.towns_of_novels() == ["oslo"]
    assert await writers.by_town() == [("menu.true or u.false", 1), ("oslo", 2)]


async def test_text_and_aliases_of_a_query_reach_the_database_as_they_are_written(
    writers: Writers, statements: list[str]
) -> None:
    assert await writers.oddly_placed() == ["c"]
    written = "SELECT u.code FROM writers u WHERE u.town = 'menu.true or u.false' AND u.is_alive = true"
    assert written in statements


async def test_sql_that_changes_rows_sets_what_it_says_and_no_more(
    context: ApplicationContext, writers: Writers, clock: TestClock
) -> None:
    novels, before = context.get_bean(Novels), clock.now()
    clock.advance(timedelta(hours=1))
    assert await novels.lengthen(1) == 2
    found = await novels.get_by_id(1)
    assert (found.pages, found.updated_at, found.version) == (201, before, 1)


async def test_a_statement_of_the_orm_that_changes_rows_moves_the_time_of_change_and_no_version(
    context: ApplicationContext, writers: Writers, clock: TestClock
) -> None:
    novels, before = context.get_bean(Novels), clock.now()
    clock.advance(timedelta(hours=1))
    assert await novels.lengthen_as_entities(1) == 2
    found = await novels.get_by_id(1)
    assert (found.pages, found.version) == (201, 1)
    assert found.updated_at == before + timedelta(hours=1) == datetime(2026, 1, 1, 1, tzinfo=UTC)
    assert found.created_at == before
