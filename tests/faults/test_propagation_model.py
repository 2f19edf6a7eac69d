"""T14: random programs of nested transactions leave what the model says, and use no more connections than it."""

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import String, delete, insert, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pyfly.data import (
    DataAccessException,
    IllegalTransactionStateError,
    UnexpectedRollbackError,
    set_rollback_only,
)
from pyfly.data.relational.properties import Mode, SchemaMode
from pyfly.data.relational.sqlalchemy import DataSource, SqlAlchemyTransactionManager
from pyfly.data.transaction_scope import innermost
from pyfly.data.transactions import TransactionOptions
from tests.faults.propagation_model import ExemptedError, FailedError, Model, Unit, program

KINDS: dict[type[BaseException], str] = {
    FailedError: "failed",
    ExemptedError: "exempted",
    IllegalTransactionStateError: "illegal",
    UnexpectedRollbackError: "unexpected",
    DataAccessException: "refused",
}
EXPECTED = tuple(KINDS)


def innermost_is_active() -> bool:
    unit = innermost()
    return unit is not None and unit.transaction is not None and unit.transaction.is_active


class Tables(DeclarativeBase):
    """The tables of these tests."""


class Row(Tables):
    __tablename__ = "rows"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)


def write(session: Session, name: str) -> None:
    session.execute(insert(Row).values(name=name))


def break_it(session: Session) -> None:
    session.execute(text("SELECT * FROM a_table_that_does_not_exist"))


def taken(session: Session) -> list[str]:
    names = sorted(session.scalars(select(Row.name)))
    session.execute(delete(Row))
    return names


class Interpreter:
    """Runs programs on the real thing."""

    def __init__(self, source: DataSource) -> None:
        self.source = source
        self.manager = SqlAlchemyTransactionManager(source)
        self.most_open = 0

    def options(self, unit: Unit) -> TransactionOptions:
        return TransactionOptions(propagation=unit.propagation, no_rollback_for=(ExemptedError,))

    async def run(self, unit: Unit) -> None:
        async with self.manager.transaction(self.options(unit)):
            await self.manager.write(write, unit.name)
            self.most_open = max(self.most_open, len(self.source.holders))
            for inner in unit.inner:
                try:
                    await self.run(inner)
                except EXPECTED:
                    if not unit.swallows:
                        raise
            if unit.end == "bad statement":
                await self.manager.write(break_it)
            self.end(unit)

    def run_sync(self, unit: Unit) -> None:
        with self.manager.transaction_sync(self.options(unit)):
            self.manager.sync.write(write, unit.name)
            self.most_open = max(self.most_open, len(self.source.holders))
            for inner in unit.inner:
                try:
                    self.run_sync(inner)
                except EXPECTED:
                    if not unit.swallows:
                        raise
            if unit.end == "bad statement":
                self.manager.sync.write(break_it)
            self.end(unit)

    def end(self, unit: Unit) -> None:
        if unit.end == "raise":
            raise FailedError
        if unit.end == "raise exempted":
            raise ExemptedError
        if unit.end == "rollback only" and innermost_is_active():
            set_rollback_only()


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/t14.db"
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def source(url: str) -> AsyncIterator[DataSource]:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Tables.metadata], mode=Mode.BOTH)
    await source.start()
    yield source
    await source.stop()


async def check(source: DataSource, seed: int, *, is_sync: bool) -> int:
    database = source.url.get_backend_name()
    unit = program(random.Random(seed), one_writer=database == "sqlite")
    model, real = Model(statements_break=database == "postgresql"), Interpreter(source)
    expected = model.run(unit)
    found: str | None = None
    try:
        if is_sync:
            real.run_sync(unit)
        else:
            await real.run(unit)
    except EXPECTED as failure:
        found = next(kind for cls, kind in KINDS.items() if isinstance(failure, cls))
    rows = await real.manager.write(taken)
    assert (found, rows) == (expected, sorted(model.committed)), f"seed {seed}: {unit}"
    assert len(source.holders) == 0
    assert real.most_open <= model.most_open + 1, f"seed {seed}"
    return len(rows)


@pytest.mark.parametrize("is_sync", [False, True], ids=["async", "sync"])
async def test_random_nestings_leave_what_the_model_says(
    source: DataSource, is_sync: bool, tally: Callable[[int, int], None]
) -> None:
    number = 500 if not is_sync else 150
    for seed in range(number):
        await check(source, seed, is_sync=is_sync)
    tally(number, 0)


@pytest.mark.nightly
@pytest.mark.parametrize("is_sync", [False, True], ids=["async", "sync"])
async def test_many_random_nestings_leave_what_the_model_says(
    source: DataSource, is_sync: bool, tally: Callable[[int, int], None]
) -> None:
    for seed in range(5_000):
        await check(source, 1_000_000 + seed, is_sync=is_sync)
    tally(5_000, 0)
