# mypy: disable-error-code=empty-body
"""Queries that were written for entities instead of tables are refused when the application starts."""

from typing import Any

import pytest
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import BeanGraphError, repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data.derivation.signatures import SignatureError
from pyfly.data.relational.sqlalchemy import Repository, query
from pyfly.data.relational.sqlalchemy.entity_queries import require_sql
from pyfly.data.relational.sqlalchemy.mapping import EntityMapping, mapping_of
from pyfly.kernel.diagnosis import explain


class Kennel(DeclarativeBase):
    """The tables of these tests."""


class Keeper(Kennel):
    __tablename__ = "keeper"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


class GuardDog(Kennel):
    __tablename__ = "guard_dogs"

    id: Mapped[int] = mapped_column(primary_key=True)


KEEPERS: EntityMapping[Any] = mapping_of(Keeper)


@pytest.mark.parametrize(
    "written",
    [
        "SELECT k FROM Keeper k WHERE k.name = :name",
        "select distinct k from Keeper as k",
        "SELECT COUNT(k) FROM Keeper k",
        "SELECT COUNT(DISTINCT k) FROM Keeper AS k",
        "SELECT d FROM GuardDog d",
        "SELECT d.id FROM GuardDog d WHERE d.id > 1",
        "SELECT k.* FROM keeper k JOIN GuardDog d ON d.id = k.id",
        "FROM GuardDog",
        "DELETE FROM GuardDog d WHERE d.id = 1",
        "UPDATE GuardDog SET id = 1",
    ],
)
def test_a_query_on_entities_is_refused(written: str) -> None:
    with pytest.raises(
        SignatureError, match=r"as in JPQL, and @query takes SQL on the table (keeper|guard_dogs)"
    ):
        require_sql(written, KEEPERS)


@pytest.mark.parametrize(
    "written",
    [
        "SELECT * FROM keeper",
        "SELECT k.* FROM Keeper k",
        "SELECT COUNT(*) FROM KEEPER k WHERE k.name = 'SELECT d FROM GuardDog d'",
        "SELECT k.id FROM keeper k -- FROM GuardDog d\n WHERE k.id > /* JOIN GuardDog */ 1",
        "WITH GuardDog AS (SELECT 1 AS id) SELECT d.id FROM GuardDog d",
        "SELECT name FROM keeper name",
        "SELECT x FROM other x",
        "SELECT id FROM GuardDog(1)",
        "INSERT INTO guard_dogs (id) VALUES (1)",
    ],
)
def test_sql_is_not(written: str) -> None:
    require_sql(written, KEEPERS)


async def test_the_start_says_which_method_it_is_and_what_to_write() -> None:
    @repository
    class Dogs(Repository[GuardDog, int]):
        @query("SELECT d FROM GuardDog d WHERE d.id = :id")
        async def by_number(self, id: int) -> list[GuardDog]: ...

        @query("SELECT d.* FROM GuardDog d", native=True)
        async def native(self) -> list[GuardDog]: ...

    context = ApplicationContext(Config({"pyfly": {"data": {"url": "sqlite://"}}}))
    context.register_bean(Dogs)
    with pytest.raises(Exception, match=r"1 wiring error: .*Dogs\.by_number") as raised:
        await context.start()
    failure = raised.value
    assert isinstance(failure, BeanGraphError)
    [problem] = failure.problems
    assert "select(GuardDog)" in str(problem.__cause__ or explain(problem))
