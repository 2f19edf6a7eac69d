"""What is stored when documents are saved: versions that came later, keys of one's own, values that fit nowhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from pyfly.core import PyFlyApplication
from pyfly.data import InvalidValueError, UnexpectedRollbackError
from pyfly.data.document.mongodb import MongoTransactionManager
from pyfly.kernel.exceptions import ConcurrencyException
from tests.data.document.library.books import (
    Author,
    Authors,
    Book,
    Books,
    Frozen,
    Librarian,
    Listening,
)
from tests.data.document.library.shelter import Bills, Toy, Toys, Visit, Visits, Ward, Wards

BORN = datetime(2030, 1, 1, tzinfo=UTC)


def put(url: str, collection: str, *documents: dict[str, Any]) -> None:
    with MongoClient[dict[str, Any]](url) as client:
        client.get_default_database()[collection].insert_many(documents)


def stored(url: str, collection: str, key: Any) -> dict[str, Any]:
    with MongoClient[dict[str, Any]](url, tz_aware=True) as client:
        found = client.get_default_database()[collection].find_one({"_id": key})
    assert found is not None
    return found


async def test_documents_from_before_there_were_versions_can_be_saved(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    put(mongodb_url, "visits", {"reason": "flu"}, {"reason": "cold", "version": None}, {"reason": "cough"})
    visits = library.context.get_bean(Visits)
    [flu] = await visits.find_all(reason="flu")
    flu.reason = "fever"
    assert (await visits.save(flu)).version == 1
    rest = [visit for visit in await visits.find_all() if visit.version is None]
    assert [visit.version for visit in await visits.save_all(rest)] == [1, 1]
    assert sorted(visit.reason for visit in await visits.find_all(version=1)) == ["cold", "cough", "fever"]


async def test_documents_from_before_there_were_versions_can_be_marked_as_deleted(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    put(mongodb_url, "visits", {"reason": "flu"}, {"reason": "cold", "version": None})
    visits = library.context.get_bean(Visits)
    for visit in await visits.find_all():
        await visits.delete(visit)
    assert await visits.count() == 0


async def test_documents_that_beanie_has_inserted_can_be_saved(library: PyFlyApplication) -> None:
    visits = library.context.get_bean(Visits)
    visit = await Visit(reason="flu").insert()
    visit.reason = "cold"
    assert (await visits.save(visit)).version == 1


async def test_documents_from_before_there_were_revisions_can_be_saved(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    put(mongodb_url, "bills", {"amount": 1})
    bills = library.context.get_bean(Bills)
    [bill] = await bills.find_all()
    bill.amount = 2
    assert (await bills.save(bill)).revision_id is not None
    [found] = await bills.find_all()
    assert (found.amount, found.revision_id) == (2, bill.revision_id)


async def test_of_two_who_save_a_document_without_version_one_is_refused(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    put(mongodb_url, "visits", {"reason": "flu"})
    visits = library.context.get_bean(Visits)
    [mine], [yours] = await visits.find_all(), await visits.find_all()
    await visits.save(mine)
    with pytest.raises(ConcurrencyException) as raised:
        await visits.save(yours)
    assert raised.value.context == {"current_version": 1}


async def test_documents_with_keys_of_their_own_know_when_and_by_whom_they_were_made(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    authors = library.context.get_bean(Authors)
    made = [await authors.save(Author(id="a", name="Austen"))]
    made += await authors.save_all([Author(id="b", name="Brecht"), Author(id="c", name="Camus")])
    for author in made:
        assert (author.created_at, author.created_by) == (BORN, "lib")
        row = stored(mongodb_url, "authors", author.id)
        assert (row["created_at"], row["created_by"]) == (BORN, "lib")


async def test_what_was_noted_at_the_creation_outlives_fresh_objects(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    authors, clock = library.context.get_bean(Authors), library.context.get_bean(Frozen)
    await authors.save_all([Author(id=key, name=key) for key in "abc"])
    clock.time = BORN + timedelta(days=1)
    library.context.get_bean(Librarian).name = "other"
    fresh = [await authors.save(Author(id="a", name="A"))]
    fresh += await authors.save_all([Author(id=key, name=key.upper()) for key in "bcd"])
    await authors.save(fresh[0])
    for author, day, who in zip(fresh, [0, 0, 0, 1], ["lib", "lib", "lib", "other"], strict=True):
        row = stored(mongodb_url, "authors", author.id)
        for told in ((row["created_at"], row["created_by"]), (author.created_at, author.created_by)):
            assert told == (BORN + timedelta(days=day), who)
        assert (row["name"], row["updated_by"]) == (author.name, "other")


async def test_documents_that_keep_no_nulls_are_created_without_them(
    library: PyFlyApplication, mongodb_url: str
) -> None:
    toys = library.context.get_bean(Toys)
    library.context.get_bean(Librarian).name = None
    await toys.save(Toy(id="ball", colour="red"))
    assert set(stored(mongodb_url, "toys", "ball")) == {"_id", "colour", "created_at", "updated_at"}
    library.context.get_bean(Librarian).name = "lib"
    await toys.save_all([Toy(id="ball"), Toy(id="mouse")])
    row = stored(mongodb_url, "toys", "ball")
    assert set(row) == {"_id", "created_at", "updated_at", "updated_by"}
    assert stored(mongodb_url, "toys", "mouse")["created_by"] == "lib"


async def test_who_corrects_the_creation_of_a_stored_document_is_heard(library: PyFlyApplication) -> None:
    authors = library.context.get_bean(Authors)
    await authors.save(Author(id="a", name="Austen"))
    author = await authors.get_by_id("a")
    author.created_by = "somebody"
    await authors.save(author)
    assert (await authors.get_by_id("a")).created_by == "somebody"


async def test_versioned_documents_with_keys_of_their_own_are_inserted_as_new_ones(
    library: PyFlyApplication,
) -> None:
    wards, clock = library.context.get_bean(Wards), library.context.get_bean(Frozen)
    await wards.save(Ward(id="a", beds=1))
    await wards.save_all([Ward(id="b", beds=2), Ward(id="c", beds=3)])
    clock.time = BORN + timedelta(days=1)
    for ward in await wards.find_all():
        assert (ward.created_at, ward.created_by, ward.version) == (BORN, "lib", 1)
        assert ward.label == f"new {ward.id}"
    again = await wards.save(Ward(id="a", beds=4))
    assert (again.version, again.created_at, again.label) == (2, BORN, "")
    found = await wards.get_by_id("a")
    assert (found.beds, found.created_at, found.created_by) == (4, BORN, "lib")


async def test_one_wrong_id_among_many_deletes_nothing(library: PyFlyApplication) -> None:
    books, manager = library.context.get_bean(Books), library.context.get_bean(MongoTransactionManager)
    good = await books.save(Book(title="Emma"))
    async with manager.transaction():
        with pytest.raises(InvalidValueError):
            await books.delete_all([good.id, "bad"])  # type: ignore[list-item]
    assert await books.count() == 1


async def test_one_value_that_fits_nowhere_is_found_before_anything_is_written(
    library: PyFlyApplication,
) -> None:
    books, manager = library.context.get_bean(Books), library.context.get_bean(MongoTransactionManager)
    emma, faust = await books.save_all([Book(title="Emma"), Book(title="Faust")])
    emma.title, faust.title = "Persuasion", "\ud800"
    heard = library.context.get_bean(Listening).heard
    heard.clear()
    with pytest.raises(InvalidValueError):
        await books.save_all([emma, faust])
    assert [statement.sql for statement in heard] == []
    assert (emma.version, faust.version) == (1, 1)
    with pytest.raises(UnexpectedRollbackError):
        async with manager.transaction():
            with pytest.raises(InvalidValueError):
                await books.save_all([emma, faust])
    assert await books.count(title="Emma") == 1


@pytest.mark.parametrize("title", ["\ud800", "x" * 17 * 2**20], ids=["surrogate", "size"])
async def test_values_that_fit_nowhere_are_explained(library: PyFlyApplication, title: str) -> None:
    books = library.context.get_bean(Books)
    with pytest.raises(InvalidValueError, match="cannot take one of the values"):
        await books.save(Book(title=title))
    assert await books.count() == 0
