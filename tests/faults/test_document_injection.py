"""T19 on documents: operators, patterns and hostile texts are refused or are just values; nothing is widened or changed."""

import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from bson import Regex
from bson.code import Code

from pyfly.container import Container
from pyfly.container.interception import advised_class
from pyfly.data.document import DocumentProperties
from pyfly.data.document.mongodb import BaseDocument, MongoDatabase, MongoRepository, document_query
from pyfly.data.exceptions import InvalidValueError, UnknownPropertyError
from pyfly.data.pageable import Sort
from pyfly.data.query_interceptor import QueryMethodInterceptor
from pyfly.data.specification import FilterOperator as Op
from tests.faults.conftest import Tally

# mypy: disable-error-code=empty-body

GATE, NIGHTLY = 2_000, 10_000
STORED = ("ann", "bob", "%", "_", ".*", "$ne", "a.b", "", "{'$gt': ''}", "ann\n", "Ann", "\\", "ünï", "^a")
OPERATORS = (
    "$ne", "$gt", "$gte", "$lt", "$in", "$nin", "$exists", "$regex", "$where", "$expr", "$or", "$nor", "$not", "$type",
    "$elemMatch", "$size", "$all", "$mod", "$text", "$function", "$accumulator", "$jsonSchema", "$comment", "$set", "$inc",
)  # fmt: skip


class Person(BaseDocument):
    id: int | None = None  # type: ignore[assignment]
    name: str
    age: int = 0

    class Settings:
        name = "people"


class People(MongoRepository[Person, int]):
    async def find_by_name(self, name: str) -> list[Person]: ...
    async def find_by_name_containing(self, name: str) -> list[Person]: ...
    async def find_by_name_starting_with(self, name: str) -> list[Person]: ...
    async def find_by_name_in(self, names: list[str]) -> list[Person]: ...
    async def find_by_name_ignore_case(self, name: str) -> list[Person]: ...
    async def delete_by_name_and_age_greater_than(self, name: str, age: int) -> int: ...

    @document_query({"name": ":name"})
    async def named(self, name: str) -> list[Person]: ...

    @document_query([{"$match": {"name": ":name"}}])
    async def piped(self, name: str) -> list[Person]: ...


Ask = Callable[[Any], Awaitable[list[Person]]]
Holds = Callable[[str, str], bool]


def ways(people: People) -> list[tuple[Ask, Holds]]:
    def equal(name: str, value: str) -> bool:
        return name == value

    return [
        (people.find_by_name, equal),
        (people.named, equal),
        (people.piped, equal),
        (lambda value: people.find_all(name=value), equal),
        (lambda value: people.find_all_by_spec(Op.eq("name", value)), equal),
        (lambda value: people.find_by_name_in([value]), equal),
        (people.find_by_name_containing, lambda name, value: value in name),
        (people.find_by_name_starting_with, lambda name, value: name.startswith(value)),
        (people.find_by_name_ignore_case, lambda name, value: name.lower() == value.lower()),
        (lambda value: people.find_all_by_spec(~Op.contains("name", value)), lambda n, v: v not in n),
    ]


def hostile(chance: random.Random) -> Any:
    operator = chance.choice(OPERATORS)
    inner: Any = chance.choice(
        [None, "", ".*", 1, True, [], {}, ["ann"], {"$gt": ""}, "function() { return true }"]
    )
    return chance.choice(
        [
            {operator: inner},
            {"name": {operator: inner}},
            {operator: {operator: inner}},
            [{operator: inner}],
            [operator, inner],
            re.compile(".*"),
            Regex(".*", "s"),
            Code("function() { return true }"),
            f"{operator}: {inner}",
            f"'; return true; var x = '{operator}",
            chance.choice(STORED),
            "".join(chance.choices(".*^$%_\\'\"{}[]()|?+ abn\n", k=chance.randrange(1, 9))),
        ]
    )


@pytest.fixture
async def people(mongodb_url: str) -> AsyncIterator[People]:
    database = MongoDatabase(DocumentProperties(uri=mongodb_url), [Person])
    await database.start()
    container = Container()
    container.register_instance(database.transactions)
    repository = advised_class(People, "people", [QueryMethodInterceptor()])
    container.register(repository)
    people: People = container.resolve(repository)
    await people.save_all([Person(name=name) for name in STORED])
    yield people
    await database.stop()


async def probed(people: People, number: int, tally: Tally) -> None:
    chance, refused = random.Random(19), 0
    wrong: list[Any] = []
    asked = ways(people)
    for _ in range(number):
        value = hostile(chance)
        ask, holds = chance.choice(asked)
        try:
            found = {person.name for person in await ask(value)}
        except InvalidValueError:
            refused += 1
            wrong += [] if not isinstance(value, str) else [("refused", value)]
            continue
        if not isinstance(value, str) or found != {name for name in STORED if holds(name, value)}:
            wrong.append((value, found))
    assert wrong == []
    assert refused > number / 4
    assert sorted(person.name for person in await people.find_all()) == sorted(STORED)
    tally(number, refused)


async def test_operators_are_refused_and_texts_are_only_texts(people: People, tally: Tally) -> None:
    await probed(people, GATE, tally)


@pytest.mark.nightly
async def test_many_operators_are_refused_and_texts_are_only_texts(people: People, tally: Tally) -> None:
    await probed(people, NIGHTLY, tally)


@pytest.mark.parametrize("operator", OPERATORS)
async def test_names_are_those_of_properties(people: People, operator: str) -> None:
    for name in (operator, f"name.{operator}", f"{operator}.name", f"age_{operator}"):
        with pytest.raises(UnknownPropertyError):
            await people.find_all(**{name: 1})
        with pytest.raises(UnknownPropertyError):
            await people.find_all(Sort.by(name))
        with pytest.raises(UnknownPropertyError):
            await people.find_all_by_spec(Op.eq(name, 1))


async def test_a_deletion_is_not_widened(people: People) -> None:
    delete: Any = people.delete_by_name_and_age_greater_than
    for value in ({"$ne": None}, {"$regex": ".*"}, re.compile(".*")):
        with pytest.raises(InvalidValueError):
            await delete(value, -1)
        with pytest.raises(InvalidValueError):
            await delete("ann", {"$gt": -1})
    assert await people.count() == len(STORED)
    assert await delete("ann", -1) == 1
