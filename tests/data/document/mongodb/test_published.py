"""The names of earlier versions: for scripts and tests that open a database by hand."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from beanie import Document, PydanticObjectId
from pymongo import ASCENDING, DESCENDING, AsyncMongoClient

from pyfly.data import IllegalTransactionStateError, Pageable, Sort, TransactionOptions
from pyfly.data.document.mongodb import (
    BaseDocument,
    MongoQueryMethodCompiler,
    MongoRepository,
    MongoRepositoryBeanPostProcessor,
    initialize_beanie,
    mongo_transactional,
)
from pyfly.data.document.mongodb.managers import manager_of
from pyfly.data.document.mongodb.model import model_of
from pyfly.data.document.mongodb.selection import Selected
from pyfly.data.exceptions import ReadOnlyTransactionError
from pyfly.data.query_parser import ParsedQuery, QueryMethodParser

# mypy: disable-error-code=empty-body


class Note(BaseDocument):
    text: str
    stars: int = 0

    class Settings:
        name = "notes"


class NoteRepository(MongoRepository[Note, PydanticObjectId]):
    async def find_by_stars_greater_than(self, stars: int) -> list[Note]: ...

    async def count_by_text(self, text: str) -> int:
        return -1

    def helper(self) -> str:
        return "mine"


@pytest.fixture
async def client(mongodb_url: str) -> AsyncIterator["AsyncMongoClient[dict[str, Any]]"]:
    server, _, database = mongodb_url.rpartition("/")
    client = await initialize_beanie(server, database, [Note])
    yield client
    await client.close()


def test_the_base_is_a_document_of_beanie_with_times_and_names() -> None:
    assert issubclass(BaseDocument, Document)
    fields = BaseDocument.model_fields
    assert fields["created_at"].get_default(call_default_factory=True).tzinfo is not None
    assert (fields["created_by"].default, fields["updated_by"].default) == (None, None)
    assert BaseDocument.Settings.use_state_management


def test_inner_settings_keep_what_the_base_has_set() -> None:
    settings: Any = Note.Settings
    assert (settings.name, settings.use_state_management) == ("notes", True)


@pytest.mark.usefixtures("client")
async def test_a_repository_is_made_by_hand() -> None:
    notes = MongoRepository[Note, PydanticObjectId](Note)
    saved = await notes.save(Note(text="a"))
    assert saved.id is not None
    assert (await notes.get_by_id(saved.id)).text == "a"
    assert [n.text for n in await notes.find_all(text="a")] == ["a"]
    assert (await notes.find_paginated(page=1, size=20)).total == 1
    assert (await notes.find_paginated(pageable=Pageable.of(1, 1, Sort.by("text")))).size == 1
    assert await notes.count() == 1
    assert await notes.exists(saved.id)
    await notes.delete(saved.id)
    await notes.delete(saved.id)
    assert await notes.count() == 0


@pytest.mark.usefixtures("client")
async def test_objects_are_given_their_query_methods() -> None:
    notes = MongoRepositoryBeanPostProcessor().after_init(NoteRepository(Note), "notes")
    await notes.save_all([Note(text="a", stars=1), Note(text="b", stars=5)])
    assert [note.text for note in await notes.find_by_stars_greater_than(2)] == ["b"]
    assert await notes.count_by_text("a") == -1
    assert notes.helper() == "mine"


def test_other_objects_pass_the_post_processor_unchanged() -> None:
    processor, thing = MongoRepositoryBeanPostProcessor(), object()
    assert processor.before_init(thing, "x") is thing
    assert processor.after_init(thing, "x") is thing


async def test_a_decorated_function_is_a_transaction_that_repositories_join(
    client: "AsyncMongoClient[dict[str, Any]]",
) -> None:
    notes = NoteRepository(Note)

    @mongo_transactional(client)
    async def work(text: str, *, refuse: bool) -> str:
        await notes.save_all([Note(text=text), Note(text=text)])
        if refuse:
            raise LookupError
        return text

    with pytest.raises(LookupError):
        await work("a", refuse=True)
    assert await notes.count() == 0
    assert await work("a", refuse=False) == "a"
    assert await notes.count() == 2


@pytest.mark.usefixtures("client")
async def test_a_repository_made_by_hand_has_no_synchronous_side() -> None:
    with pytest.raises(IllegalTransactionStateError, match="no synchronous client"):
        NoteRepository(Note).sync.count()


@pytest.mark.usefixtures("client")
async def test_the_compiler_makes_functions_of_a_document() -> None:
    await MongoRepository(Note).save_all([Note(text="a", stars=1), Note(text="b", stars=5)])
    parse, compiler = QueryMethodParser().parse, MongoQueryMethodCompiler()
    found = await compiler.compile(parse("find_by_stars_greater_than"), Note)(Note, 2)
    assert [note.text for note in found] == ["b"]
    assert await compiler.compile(parse("count_by_text_or_stars"), Note)(Note, "a", 5) == 2
    assert await compiler.compile(parse("exists_by_text"), Note)(Note, "c") is False
    assert await compiler.compile(parse("delete_by_stars_less_than"), Note)(Note, 5) == 1


async def test_compiled_queries_that_read_may_run_where_only_reading_is_allowed(
    client: "AsyncMongoClient[dict[str, Any]]",
) -> None:
    await MongoRepository(Note).save_all([Note(text="a"), Note(text="b")])
    parse, compiler = QueryMethodParser().parse, MongoQueryMethodCompiler()
    async with manager_of(client).transaction(TransactionOptions(read_only=True)):
        assert await compiler.compile(parse("count_by_text"), Note)(Note, "a") == 1
    with pytest.raises(ReadOnlyTransactionError):
        async with manager_of(client).transaction(TransactionOptions(read_only=True)):
            await compiler.compile(parse("delete_by_text"), Note)(Note, "a")


def test_the_compiler_refuses_prefixes_that_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="Unknown prefix"):
        MongoQueryMethodCompiler().compile(ParsedQuery(prefix="shout_by"), Note)


@pytest.mark.usefixtures("client")
def test_orders_end_with_the_id() -> None:
    ordering = Selected(model_of(Note), {}).ordering(Sort.by("stars").descending())
    assert ordering == [("stars", DESCENDING), ("_id", ASCENDING)]
