"""T19: hostile names and values in queries: names are refused, values are data, and nothing else ever changes."""

import asyncio
import itertools
import logging
import string
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from pyfly.core import PyFlyApplication
from pyfly.data import DataSource, UnknownPropertyError
from pyfly.data.relational.sqlalchemy import Base
from tests.faults.conftest import Tally
from tests.faults.hostile_queries import (
    COLUMNS,
    CORPUS,
    NAMES,
    ORACLE,
    PHRASES,
    QuestionsApplication,
    Row,
    Rows,
    Tables,
)

GATE, NIGHTLY = 2_000, 50_000
STORED = 200

scraps = st.one_of(st.sampled_from(PHRASES), st.text(max_size=6), st.text(string.printable, max_size=6))
texts = st.one_of(
    st.lists(scraps, min_size=1, max_size=4).map("".join), st.sampled_from(CORPUS), st.text(max_size=60)
).map(lambda said: said[:200])


class Probe:
    """The application, called as its clients call it, and what came of that."""

    def __init__(self, context: Any, client: httpx.AsyncClient, stored: dict[int, str]) -> None:
        self.stored = stored
        self.tried: Counter[str] = Counter()
        self.wrong: list[Any] = []
        self._context = context
        self._client = client

    async def value(self, way: str, value: str) -> None:
        """Ask for *value*; the answer has to be what Python finds in the names that are stored."""
        self.tried["values"] += 1
        if way == "create":
            answer = await self._client.post("/rows", json={"way": way, "text": value})
            self._judge(answer, way, value, None)
            return
        answer = await self._client.post("/values", json={"way": way, "text": value})
        self._judge(
            answer, way, value, [key for key, name in self.stored.items() if ORACLE[way](name, value)]
        )

    async def name(self, way: str, name: str) -> None:
        """Ask by the property *name*, which has to be refused unless it is one."""
        self.tried["names"] += 1
        if way == "query":
            answer = await self._client.get("/pages", params={"sort": f"{name},desc"})
        else:
            answer = await self._client.post("/names", json={"way": way, "text": name})
        is_known = name in COLUMNS and way != "token"
        if answer.status_code != (200 if is_known else 400) and not (way == "token" and name == ""):
            self.wrong.append((way, name, answer.status_code, answer.text))

    async def damage(self) -> list[str]:
        """Return what is not as it was."""
        async with self._context.get_bean(DataSource).engine.connect() as connection:
            canary = (await connection.execute(text("SELECT id, intact FROM canary"))).all()
            rows = (await connection.execute(text("SELECT id, name, price FROM rows"))).all()
            tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        kept = {"canary": [(1, 1)], "rows": sorted((key, name, 0) for key, name in self.stored.items())}
        found = {"canary": list(map(tuple, canary)), "rows": sorted(map(tuple, rows))}
        damaged = [f"{name} is {found[name]!r:.2000}" for name in kept if kept[name] != found[name]]
        # Entities of other tests in this process have tables here too: theirs are known, and any other was injected.
        known = {*Tables.metadata.tables, *Base.metadata.tables}
        return damaged + [name for name in tables if name not in known]

    def _judge(self, answer: httpx.Response, way: str, value: str, wanted: list[int] | None) -> None:
        if "\0" in value and answer.status_code == 400:
            return  # No text of PostgreSQL may have it, and no pattern.
        if answer.status_code != 200:
            self.wrong.append((way, value, answer.status_code, answer.text))
        elif wanted is not None and sorted(answer.json()["ids"]) != wanted:
            self.wrong.append((way, value, answer.json(), wanted))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/rows.db"
    return str(request.getfixturevalue("postgres_url"))


@contextmanager
def questioned(url: str, folder: Path) -> Iterator[tuple[asyncio.Runner, Probe]]:
    """Provide the application on the database at *url*, and the loop that it runs in."""
    arguments = [f"--pyfly.data.url={url}", "--pyfly.data.schema=create", "--pyfly.banner.mode=OFF"]
    application = PyFlyApplication(QuestionsApplication, folder, args=arguments)
    with asyncio.Runner() as runner:
        runner.run(application.startup())
        logging.disable()  # pytest would keep a record of every request
        try:
            transport = httpx.ASGITransport(application.asgi())
            client = httpx.AsyncClient(transport=transport, base_url="http://test")
            yield runner, runner.run(_prepared(application.context, client))
            runner.run(client.aclose())
        finally:
            runner.run(application.shutdown())


async def _prepared(context: Any, client: httpx.AsyncClient) -> Probe:
    names = [*CORPUS[:: len(CORPUS) // STORED], *PHRASES]
    stored = await context.get_bean(Rows).save_all([Row(name=name) for name in names])
    async with context.get_bean(DataSource).engine.begin() as connection:
        await connection.execute(text("INSERT INTO canary (id, intact) VALUES (1, 1)"))
    return Probe(context, client, {row.id: row.name for row in stored})


def _examples(number: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[*HealthCheck],
    )


def _campaign(url: str, folder: Path, number: int, tally: Tally) -> None:
    with questioned(url, folder) as (runner, probe):
        known = sorted(probe.stored.values())
        # Half of the values are parts of names that are there: most others would find nothing.
        parts = st.tuples(st.sampled_from(known), st.integers(0, 20), st.integers(1, 20)).map(
            lambda drawn: drawn[0][drawn[1] : drawn[1] + drawn[2]] or drawn[0]
        )

        @_examples(number // 2)
        @given(st.sampled_from([*ORACLE, "create"]), st.one_of(texts, parts))
        def try_value(way: str, value: str) -> None:
            runner.run(probe.value(way, value))

        @_examples(number // 2)
        @given(st.sampled_from([*NAMES, "query"]), texts)
        def try_name(way: str, name: str) -> None:
            runner.run(probe.name(way, name))

        try_value()
        try_name()
        assert probe.wrong[:20] == []
        assert runner.run(probe.damage()) == []
        tally(sum(probe.tried.values()), 0)
        assert probe.tried["values"] >= number // 2
        assert probe.tried["names"] >= number // 2


def test_hostile_names_and_values_reach_nothing(url: str, tmp_path: Path, tally: Tally) -> None:
    _campaign(url, tmp_path, GATE, tally)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_very_many_hostile_names_and_values_reach_nothing(url: str, tmp_path: Path, tally: Tally) -> None:
    _campaign(url, tmp_path, NIGHTLY, tally)


def test_each_text_of_the_corpus_is_data_and_no_name(url: str, tmp_path: Path, tally: Tally) -> None:
    async def everything(probe: Probe) -> None:
        for number, said in enumerate(CORPUS):
            await probe.value([*ORACLE][number % len(ORACLE)], said)
            await probe.name([*NAMES][number % len(NAMES)], said)

    with questioned(url, tmp_path) as (runner, probe):
        runner.run(everything(probe))
        assert probe.wrong == []
        assert runner.run(probe.damage()) == []
        tally(2 * len(CORPUS), 0)


def test_a_text_with_a_null_character_is_refused_or_compared_as_a_whole(url: str, tmp_path: Path) -> None:
    with questioned(url, tmp_path) as (runner, probe):
        for way, value in itertools.product([*ORACLE, "create"], ["\0", "a\0", "%\0x", "name\0zzz"]):
            runner.run(probe.value(way, value))
        assert probe.wrong == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=string.ascii_lowercase + "_", min_size=1, max_size=40))
def test_names_of_methods_are_understood_or_refused_never_anything_else(name: str) -> None:
    from pyfly.data.derivation.methods import resolve
    from pyfly.data.relational.sqlalchemy.mapping import mapping_of

    try:
        parsed = resolve(f"find_by_{name}", mapping_of(Row))
    except (UnknownPropertyError, ValueError):
        return
    assert {predicate.field_name for predicate in parsed.predicates} <= set(COLUMNS)
