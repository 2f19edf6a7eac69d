"""Several classes in one collection, and what repositories send."""

import subprocess
import sys

import pytest
from beanie import PydanticObjectId

from pyfly.core import PyFlyApplication
from pyfly.data import Scroll, Sort, include_deleted
from pyfly.data.document.mongodb.hand_queries import _offered
from pyfly.data.document.mongodb.model import model_of
from pyfly.kernel.exceptions import ResourceNotFoundException
from tests.data.document.library.books import Listening, Reader
from tests.data.document.library.shelter import Cat, Cats, Dog, Dogs, Pets


async def two_pets(app: PyFlyApplication) -> tuple[PydanticObjectId, PydanticObjectId]:
    cat = await app.context.get_bean(Cats).save(Cat(name="Tom"))
    dog = await app.context.get_bean(Dogs).save(Dog(name="Rex"))
    assert cat.id is not None
    assert dog.id is not None
    return cat.id, dog.id


async def test_deletions_by_id_stay_within_the_class(library: PyFlyApplication) -> None:
    cats, pets = library.context.get_bean(Cats), library.context.get_bean(Pets)
    cat, dog = await two_pets(library)
    await cats.delete(dog)
    await cats.delete_by_id(dog)
    await cats.delete_all([dog])
    await cats.purge(dog)
    assert await pets.count() == 2
    await pets.delete(dog)
    with pytest.raises(ResourceNotFoundException):
        await cats.restore(dog)
    assert await pets.find_by_id(dog) is None
    assert (await pets.restore(dog)).name == "Rex"
    await cats.delete(cat)
    assert await pets.count() == 1


async def test_a_scroll_by_ids_that_are_no_texts_reaches_the_end(library: PyFlyApplication) -> None:
    cats = library.context.get_bean(Cats)
    await cats.save_all([Cat(name=f"cat {n}", owner=PydanticObjectId(f"{n // 2:024x}")) for n in range(7)])
    sort, after, found = Sort.by("owner").descending(), None, []
    while True:
        page = await cats.find_all(Scroll(after, 2, sort))
        found += [cat.name for cat in page.items]
        if page.next is None:
            break
        after = page.next
    assert len(found) == 7
    assert len(set(found)) == 7
    assert found[0] == "cat 6"


async def test_pipelines_see_what_the_repository_offers(library: PyFlyApplication) -> None:
    cats, dogs = library.context.get_bean(Cats), library.context.get_bean(Dogs)
    await cats.save_all([Cat(name="Tom"), Cat(name="Felix"), Cat(name="Kitty", lives=7)])
    await dogs.save(Dog(name="Tom"))
    felix = (await cats.find_all(name="Felix"))[0]
    await cats.delete(felix)
    assert sorted((row["_id"], row["cats"]) for row in await cats.by_lives()) == [(7, 1), (9, 1)]
    assert await cats.named("Tom") == [{"name": "Tom"}]
    assert await cats.named("Felix") == []
    with include_deleted():
        assert await cats.named("Felix") == [{"name": "Felix"}]


@pytest.mark.usefixtures("library")
def test_stages_that_have_to_be_first_stay_so() -> None:
    cats, condition = model_of(Cat), {"deleted_at": None}
    [matched] = _offered(cats, [])
    assert condition in matched["$match"]["$and"]
    for first in ("$geoNear", "$search", "$vectorSearch", "$match"):
        assert _offered(cats, [{first: {}}, {"$limit": 1}]) == [{first: {}}, matched, {"$limit": 1}]
    assert _offered(cats, [{"$limit": 1}]) == [matched, {"$limit": 1}]
    for first in ("$collStats", "$documents"):
        assert _offered(cats, [{first: {}}]) == [{first: {}}]
    assert _offered(model_of(Reader), [{"$limit": 1}]) == [{"$limit": 1}]


async def test_what_is_deleted_by_a_query_is_one_command(library: PyFlyApplication) -> None:
    cats, heard = library.context.get_bean(Cats), library.context.get_bean(Listening).heard
    await cats.save_all([Cat(name="Tom"), Cat(name="Tom"), Cat(name="Felix")])
    heard.clear()
    assert await cats.delete_by_name("Tom") == 2
    assert [statement.sql for statement in heard] == ["update pets"]


async def test_whether_there_is_one_is_asked_without_counting(library: PyFlyApplication) -> None:
    cats, heard = library.context.get_bean(Cats), library.context.get_bean(Listening).heard
    await cats.save_all([Cat(name="Tom"), Cat(name="Tom")])
    heard.clear()
    assert await cats.exists_by_name("Tom")
    [statement] = heard
    assert (statement.sql, statement.rows) == ("find pets", 1)
    assert statement.parameters["limit"] == 1
    assert statement.parameters["projection"] == {"_id": 1}


def test_motor_is_not_needed() -> None:
    program = (
        "import sys; sys.modules['motor'] = None\n"
        "from pyfly.data.document.mongodb import *\n"
        "import pyfly.data.document.auto_configuration, pyfly.data.document.mongodb.factory\n"
        "print([name for name in sys.modules if name.startswith('motor.')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
