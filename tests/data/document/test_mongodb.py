"""Documents as an application sees them: scanned, started, used, stopped."""

import gc
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from beanie import PydanticObjectId

from pyfly.actuator.indicators import indicators_of
from pyfly.container import BeanCreationException, BeanGraphError
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.failure import failure_report
from pyfly.data import FilterUtils, Pageable, Scroll, Sort, include_deleted
from pyfly.data.document.mongodb import MongoDatabase
from pyfly.data.exceptions import InvalidValueError
from pyfly.kernel.exceptions import ConcurrencyException, DataIntegrityException, ResourceNotFoundException
from tests.data.document.applications import Build
from tests.data.document.library.books import (
    Author,
    Authors,
    Book,
    Books,
    Desk,
    Frozen,
    Kind,
    Librarian,
    Listening,
    Publisher,
    Reader,
    Readers,
    Refused,
    Titled,
    Watch,
)
from tests.servers.process import free_port


def told_by(failure: BaseException) -> str:
    return failure_report(failure)


async def shelf(app: PyFlyApplication) -> Books:
    books: Books = app.context.get_bean(Books)
    await books.save_all(
        [
            Book(title="Emma", price=Decimal("7.50"), tags=["old", "uk"]),
            Book(title="Ada", price=Decimal("12.25"), tags=["new"]),
            Book(
                title="Faust",
                kind=Kind.POETRY,
                price=Decimal(3),
                tags=["old"],
                publisher=Publisher(name="Cotta", city="Stuttgart"),
            ),
        ]
    )
    return books


async def test_documents_are_kept_with_their_types(library: PyFlyApplication) -> None:
    books = await shelf(library)
    found = await books.find_by_title("Faust")
    assert (found.kind, found.price, found.publisher) == (
        Kind.POETRY, Decimal(3), Publisher(name="Cotta", city="Stuttgart")
    )  # fmt: skip
    assert isinstance(found.id, PydanticObjectId)


async def test_queries_reach_into_documents_and_lists(library: PyFlyApplication) -> None:
    books = await shelf(library)
    assert [b.title for b in await books.find_by_publisher_city_order_by_title("Stuttgart")] == ["Faust"]
    assert sorted(b.title for b in await books.find_by_tags("old")) == ["Emma", "Faust"]
    page = await books.find_by_kind(Kind.NOVEL, Pageable.of(1, 1, Sort.by("title")))
    assert ([b.title for b in page.items], page.total) == (["Ada"], 2)
    assert [b.title async for b in books.stream_by_kind(Kind.POETRY)] == ["Faust"]


async def test_a_part_of_a_document_can_be_answered_in_parts(library: PyFlyApplication) -> None:
    books = await shelf(library)
    first = await books.find_by_price_greater_than(Decimal(1), Scroll(None, 2, Sort.by("price")))
    assert first.items == [Titled("Faust", Decimal(3)), Titled("Emma", Decimal("7.50"))]
    rest = await books.find_by_price_greater_than(Decimal(1), Scroll(first.next, 2, Sort.by("price")))
    assert rest.items == [Titled("Ada", Decimal("12.25"))]


async def test_cursors_go_on_from_ids_that_are_no_texts(library: PyFlyApplication) -> None:
    books = await shelf(library)
    first = await books.find_all(Scroll(None, 2))
    rest = await books.find_all(Scroll(first.next, 2))
    assert len({book.title for book in [*first.items, *rest.items]}) == 3


async def test_links_are_found_by_what_they_lead_to(library: PyFlyApplication) -> None:
    authors = library.context.get_bean(Authors)
    author = await authors.save(Author(name="Austen"))
    assert isinstance(author.id, str)
    books: Books = library.context.get_bean(Books)
    await books.save(Book.model_validate({"title": "Emma", "author": author}))
    assert [b.title for b in await books.find_by_author(author)] == ["Emma"]
    assert [b.title for b in await books.find_by_author(author.id)] == ["Emma"]
    assert await books.find_by_author("someone else") == []


async def test_written_queries_answer_as_their_annotations_say(library: PyFlyApplication) -> None:
    books = await shelf(library)
    assert await books.dear(Decimal(5), "old") == [Titled("Emma", Decimal("7.50"))]
    assert await books.how_many(Kind.NOVEL) == 2
    assert await books.by_kind(Decimal(0)) == [{"_id": "novel", "books": 2}, {"_id": "poetry", "books": 1}]
    assert await books.drop(["new"]) == 1
    assert sorted(b.title for b in await books.find_all()) == ["Emma", "Faust"]


@pytest.mark.parametrize("value", [{"$ne": None}, {"$gt": ""}, ["x"], 5], ids=str)
async def test_what_is_no_value_of_the_property_is_a_bad_request(
    library: PyFlyApplication, value: object
) -> None:
    books: Any = await shelf(library)
    for call in (books.find_by_title, lambda v: books.find_all(title=v), lambda v: books.dear(Decimal(0), v)):
        with pytest.raises(InvalidValueError):
            await call(value)


async def test_an_index_that_is_declared_keeps_values_unique(library: PyFlyApplication) -> None:
    authors = library.context.get_bean(Authors)
    await authors.save(Author(name="Austen"))
    with pytest.raises(DataIntegrityException):
        await authors.save(Author(name="Austen"))
    indexes = await Book.get_pymongo_collection().index_information()
    assert "price_1" in indexes


async def test_documents_know_when_and_by_whom_they_were_changed(library: PyFlyApplication) -> None:
    clock, librarian = library.context.get_bean(Frozen), library.context.get_bean(Librarian)
    authors = library.context.get_bean(Authors)
    born = clock.time
    author = await authors.save(Author(name="Austen"))
    clock.time, librarian.name = born + timedelta(days=1), "other"
    author.name = "Jane Austen"
    await authors.save(author)
    found = await authors.get_by_id(author.id or "")
    assert (found.created_at, found.created_by) == (born, "lib")
    assert (found.updated_at, found.updated_by) == (born + timedelta(days=1), "other")
    librarian.name = "beanie"
    await found.save()
    assert (await authors.get_by_id(author.id or "")).updated_by == "beanie"


async def test_of_two_writers_the_second_is_refused(library: PyFlyApplication) -> None:
    books = await shelf(library)
    mine, yours = await books.find_by_title("Emma"), await books.find_by_title("Emma")
    mine.price = Decimal(1)
    await books.save(mine)
    yours.price = Decimal(2)
    with pytest.raises(ConcurrencyException) as raised:
        await books.save(yours)
    assert raised.value.context == {"current_version": mine.version}
    with pytest.raises(ConcurrencyException):
        await books.delete(yours)


async def test_deleted_documents_are_hidden_until_they_are_restored(library: PyFlyApplication) -> None:
    books = await shelf(library)
    emma = await books.find_by_title("Emma")
    await books.delete(emma)
    with pytest.raises(ResourceNotFoundException):
        await books.find_by_title("Emma")
    assert await books.count() == 2
    with include_deleted():
        assert (await books.find_by_title("Emma")).is_deleted
    assert emma.id is not None
    assert (await books.restore(emma.id)).title == "Emma"
    await books.purge(emma.id)
    with include_deleted():
        assert await books.count() == 2


async def test_a_transactional_method_keeps_everything_or_nothing(library: PyFlyApplication) -> None:
    desk, readers = library.context.get_bean(Desk), library.context.get_bean(Readers)
    await desk.fine("ann", 3)
    with pytest.raises(Refused):
        await desk.fine("bob", 3, refuse=True)
    assert [(r.name, r.fines) for r in await readers.find_all()] == [("ann", 3)]
    assert desk.told == ["ann"]


async def test_plain_methods_have_transactions_of_the_same_store(library: PyFlyApplication) -> None:
    desk, readers = library.context.get_bean(Desk), library.context.get_bean(Readers)
    desk.fine_now("ann")
    with pytest.raises(Refused):
        desk.fine_now("bob", refuse=True)
    assert [reader.name for reader in readers.sync.find_all()] == ["ann"]


async def test_what_beanie_does_itself_can_belong_to_the_transaction(library: PyFlyApplication) -> None:
    desk, readers = library.context.get_bean(Desk), library.context.get_bean(Readers)
    with pytest.raises(Refused):
        await desk.with_beanie(refuse=True)
    assert await readers.count() == 0
    await desk.with_beanie()
    assert await readers.exists(UUID(int=1))


async def test_hooks_of_documents_are_called_and_may_refuse(library: PyFlyApplication) -> None:
    readers, watch = library.context.get_bean(Readers), library.context.get_bean(Watch)
    ann = await readers.save(Reader(name="ann"))
    ann.fines = 1
    await readers.save(ann)
    await readers.delete(ann)
    assert watch.seen == ["create ann", "update ann", "delete ann"]
    with pytest.raises(Refused):
        await readers.save(Reader(name="nobody"))
    assert await readers.count() == 0


async def test_hooks_hear_of_deletions_by_query_and_of_what_is_loaded(library: PyFlyApplication) -> None:
    readers, watch = library.context.get_bean(Readers), library.context.get_bean(Watch)
    await readers.save_all([Reader(name=name, fines=fines) for fines, name in enumerate("abcd")])
    watch.seen.clear()
    await readers.find_all(fines=0)
    assert [reader.name for reader in readers.sync.find_all(fines=1)] == ["b"]
    assert watch.loaded == ["a", "b"]
    assert await readers.delete_by_fines_greater_than(2) == 1
    assert await readers.delete_by_spec(FilterUtils.by(name="c")) == 1
    await readers.delete_all()
    assert watch.seen[:2] == ["delete d", "delete c"]
    assert sorted(watch.seen[2:]) == ["delete a", "delete b"]


async def test_statement_hooks_hear_of_commands(library: PyFlyApplication) -> None:
    authors, hook = library.context.get_bean(Authors), library.context.get_bean(Listening)
    await authors.save(Author(name="Austen"))
    hook.heard.clear()
    await authors.find_by_name("Austen")
    [statement] = hook.heard
    assert (statement.datasource, statement.sql, statement.rows) == ("document", "find authors", 1)
    assert "Austen" not in str(statement.masked())
    assert statement.seconds > 0


async def test_the_health_of_the_database_is_reported(library: PyFlyApplication) -> None:
    found = dict(indicators_of(library.context.container))
    assert (await found["mongodb"].health()).status == "UP"


# PyMongo leaves the socket of an attempt to connect open when it cancels it.
cancelled_attempts = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@cancelled_attempts
async def test_a_database_that_does_not_answer_stops_the_start(build: Build) -> None:
    uri = f"mongodb://user:secret@127.0.0.1:{free_port()}/library"
    with pytest.raises(BeanCreationException) as raised:
        async with build(uri=uri, connect_timeout="200ms"):
            pass
    told = str(raised.value.diagnosis if hasattr(raised.value, "diagnosis") else raised.value)
    assert "pyfly.data.document.uri" in told
    assert "secret" not in told
    gc.collect()


@cancelled_attempts
async def test_an_optional_database_may_be_missing(build: Build) -> None:
    uri = f"mongodb://127.0.0.1:{free_port()}/library"
    async with build(uri=uri, connect_timeout="200ms", optional=True) as app:
        database = app.context.get_bean(MongoDatabase)
        assert not await database.ping()
        found = dict(indicators_of(app.context.container))
        assert (await found["mongodb"].health()).status == "DOWN"
    gc.collect()


async def test_without_an_address_there_is_no_database_and_the_reason_is_told(build: Build) -> None:
    with pytest.raises(BeanGraphError) as raised:
        async with build():
            pass
    assert "pyfly.data.document.uri is not set" in told_by(raised.value)


async def test_wrong_query_methods_stop_the_start_all_at_once(build: Build, mongodb_url: str) -> None:
    @pyfly_application(name="misspelt", scan_packages=["tests.data.document.misspelt"])
    class Misspelt:
        """An application whose repository does not fit its documents."""

    with pytest.raises(BeanGraphError) as raised:
        async with build(Misspelt, uri=mongodb_url):
            pass
    told = told_by(raised.value)
    for expected in ("find_by_title", "which is no parameter", "is no document", "is not text"):
        assert expected in told


def test_times_are_aware() -> None:
    assert Author.model_fields["created_at"].get_default(call_default_factory=True) <= datetime.now(UTC)
