"""An application that asks its database for whatever clients say, and the texts that clients say to it."""

import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository, rest_controller
from pyfly.core import pyfly_application
from pyfly.data import FilterOperator, FilterUtils, Order, Pageable, Scroll, Sort
from pyfly.data.relational.sqlalchemy import Repository, SqlClient, query
from pyfly.web import get_mapping, post_mapping

# mypy: disable-error-code=empty-body

_SQL: Final = "SELECT * FROM rows WHERE name = :name"
COLUMNS: Final = ("id", "name", "price")
PHRASES: Final = (
    "' OR '1'='1", "'; DROP TABLE canary; --", "\\'; DELETE FROM canary; --", "1; UPDATE canary SET intact=0",
    "admin'--", '" OR ""="', "') UNION SELECT * FROM canary --", "%", "_", "\\", "%%", "a%b", "a_b", "[a-z]", "*",
    ":name", "%(name)s", "?", "$1", "{0}", "${jndi:x}", "/**/", "0x27", "name DESC", "name, (SELECT 1)", "CASE WHEN 1",
    "(SELECT intact FROM canary)", "__class__", "metadata", "registry", "id.__class__", "name.desc", "name,asc",
    "1) OR 1=1 --", "' AND SLEEP(5) --", "' || pg_sleep(5) --", "'; COPY canary TO '/x'", "rows.name", "canary.intact",
    "' AND EXTRACTVALUE(1,1) --", "' UNION ALL SELECT NULL,NULL#", "{{7*7}}", "__init__.__globals__", "__table__",
    "_sa_instance_state", "__mapper__", "self", "window", "sort", "filters", "id", "name", "price", "Name", " name",
    "\ufe68", "\u02bc", "\u0130", "\u00df", "e\u0301", "\U0001f600", "\u202e", "\r\n", "\t",
)  # fmt: skip
_PREFIXES = ("", "'", '"', "')", '")', "'))", "1", "-1", "a' ", "\\", "%27", "`", "1'", "'||'", "x%' ", "/*")
_SUFFIXES = (
    "",
    "--",
    "-- -",
    "#",
    "/*",
    ";",
    ";--",
    "'",
    '"',
    "*/",
    "\n--",
    ") --",
    "%00",
    " AND '1'='1",
    "\\",
    " ASC",
)
_ALL = sorted({"".join(parts) for parts in itertools.product(_PREFIXES, PHRASES, _SUFFIXES)})
CORPUS: Final = _ALL[:: len(_ALL) // 1_000]


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Row(Tables):
    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    price: Mapped[int] = mapped_column(default=0)


class Canary(Tables):
    __tablename__ = "canary"

    id: Mapped[int] = mapped_column(primary_key=True)
    intact: Mapped[int] = mapped_column(default=1)


@repository
class Rows(Repository[Row, int]):
    async def find_by_name(self, name: str) -> list[Row]: ...
    async def find_by_name_not(self, name: str) -> list[Row]: ...
    async def find_by_name_containing(self, name: str) -> list[Row]: ...
    async def find_by_name_not_containing(self, name: str) -> list[Row]: ...
    async def find_by_name_starting_with(self, name: str) -> list[Row]: ...
    async def find_by_name_ending_with(self, name: str) -> list[Row]: ...
    async def find_by_name_in(self, names: list[str]) -> list[Row]: ...

    @query(_SQL)
    async def written(self, name: str) -> list[Row]: ...

    @query(select(Row).where(Row.name == bindparam("name")))
    async def composed(self, name: str) -> list[Row]: ...


# What each way of asking for a value has to find, said by Python.
ORACLE: Final[dict[str, Callable[[str, str], bool]]] = {
    "find_by_name": lambda name, value: name == value,
    "find_by_name_not": lambda name, value: name != value,
    "find_by_name_containing": lambda name, value: value in name,
    "find_by_name_not_containing": lambda name, value: value not in name,
    "find_by_name_starting_with": lambda name, value: name.startswith(value),
    "find_by_name_ending_with": lambda name, value: name.endswith(value),
    "find_by_name_in": lambda name, value: name == value,
    "written": lambda name, value: name == value,
    "composed": lambda name, value: name == value,
    "filter": lambda name, value: name == value,
    "specification": lambda name, value: value in name,
    "client": lambda name, value: name == value,
}


class Asked(BaseModel):
    way: str
    text: str


class Answer(BaseModel):
    ids: list[int]


@rest_controller
class Questions:
    def __init__(self, rows: Rows, client: SqlClient) -> None:
        self._rows = rows
        self._client = client

    @post_mapping("/values")
    async def by_value(self, asked: Asked) -> Answer:
        match asked.way:
            case "filter":
                found: Sequence[Any] = await self._rows.find_all(name=asked.text)
            case "specification":
                found = await self._rows.find_all_by_spec(FilterOperator.contains("name", asked.text))
            case "client":
                found = await self._client.query(_SQL, {"name": asked.text})
            case "find_by_name_in":
                found = await self._rows.find_by_name_in([asked.text, asked.text])
            case way:
                found = await getattr(self._rows, way)(asked.text)
        return _answer(found)

    @post_mapping("/rows")
    async def create(self, asked: Asked) -> Answer:
        """Store the text, and find it again."""
        stored = await self._rows.save(Row(name=asked.text))
        found = await self._rows.find_by_id(stored.id)
        assert found is not None
        assert found.name == asked.text
        await self._rows.delete(stored)
        return _answer([stored])

    @post_mapping("/names")
    async def by_name(self, asked: Asked) -> Answer:
        return _answer(await NAMES[asked.way](self._rows, asked.text))

    @get_mapping("/pages")
    async def page(self, window: Pageable) -> Answer:
        return _answer((await self._rows.find_all(window)).items)


# Every way in which a name can come from outside.
NAMES: Final[dict[str, Callable[[Rows, str], Awaitable[Sequence[Row]]]]] = {
    "sort": lambda rows, name: rows.find_all(Sort((Order(name, "desc"),))),
    "page": lambda rows, name: _items(rows.find_all(Pageable.of(1, 5, Sort((Order(name),))))),
    "filter": lambda rows, name: rows.find_all(**{name: None}),
    "count": lambda rows, name: _counted(rows.count(**{name: None})),
    "specification": lambda rows, name: rows.find_all_by_spec(FilterOperator.is_not_null(name)),
    "several": lambda rows, name: rows.find_all_by_spec(FilterUtils.by(**{name: None})),
    "scroll": lambda rows, name: _items(rows.find_all(Scroll(None, 5, Sort((Order(name),))))),
    "token": lambda rows, name: _items(rows.find_all(Scroll(name, 5))),
}


def _answer(found: Sequence[Any]) -> Answer:
    return Answer(ids=[each["id"] if isinstance(each, dict) else each.id for each in found])


async def _items(window: Awaitable[Any]) -> Sequence[Row]:
    return list((await window).items)


async def _counted(number: Awaitable[int]) -> Sequence[Row]:
    await number
    return []


@pyfly_application(name="questions", scan_packages=["tests.faults.hostile_queries"])
class QuestionsApplication:
    pass
