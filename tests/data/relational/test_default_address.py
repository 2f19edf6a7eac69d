"""Which database an application has when its configuration names none, and what production refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import DataSource
from pyfly.data.relational.default_address import VARIABLE, default_address
from pyfly.data.relational.sqlalchemy import Repository
from pyfly.kernel.diagnosis import explain


class Shelves(DeclarativeBase):
    """The tables of these tests."""


class Book(Shelves):
    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)


@repository
class Books(Repository[Book, int]):
    pass


Context = Callable[..., ApplicationContext]


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)

    def context(profile: str = "dev", **data: object) -> ApplicationContext:
        made = ApplicationContext(Config({"pyfly": {"profiles": {"active": profile}, "data": data}}))
        made.register_bean(Books)
        return made

    return context


@pytest.mark.parametrize("data", [{"enabled": True}, {"relational": {"enabled": True}}])
async def test_switched_on_without_an_address_there_is_a_file(
    context: Context, tmp_path: Path, data: dict[str, object]
) -> None:
    async with context(schema="create", **data) as app:
        assert (await app.get_bean(Books).save(Book())).id == 1
    assert (tmp_path / "pyfly.db").exists()


@pytest.mark.parametrize("profile", ["production", "prod"])
async def test_in_production_no_database_is_assumed(context: Context, profile: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"pyfly\.data\.url is not set"):
        await context(profile, enabled=True).start()
    assert not (tmp_path / "pyfly.db").exists()


@pytest.mark.parametrize("profile", ["dev", "production"])
async def test_the_database_of_the_platform_is_used(
    context: Context, monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    monkeypatch.setenv(VARIABLE, "sqlite:///platform.db")
    async with context(profile) as app:
        assert app.get_bean(DataSource).url.database == "platform.db"


async def test_what_the_configuration_says_wins(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "sqlite:///platform.db")
    async with context(url="sqlite:///own.db") as app:
        assert app.get_bean(DataSource).url.database == "own.db"
    with pytest.raises(Exception, match=r"needs a bean of type SqlAlchemyTransactionManager"):
        await context(enabled=False).start()


async def test_production_refuses_to_create_tables(context: Context, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"pyfly\.data\.schema is create, which is refused") as raised:
        await context("production", url="sqlite:///shop.db", schema="create").start()
    found = explain(raised.value)
    assert found is not None
    assert any("Set pyfly.data.schema: migrate" in each for each in found.fix)
    assert not (tmp_path / "shop.db").exists()


async def test_production_refuses_it_for_every_data_source(context: Context) -> None:
    named = {"facts": {"url": "sqlite:///facts.db", "schema": "create"}}
    with pytest.raises(Exception, match=r"pyfly\.data\.datasources\.facts\.schema is create"):
        await context("production", url="sqlite:///shop.db", datasources=named).start()


async def test_a_database_in_memory_is_always_made_new(context: Context) -> None:
    async with context("production", url="sqlite://", schema="create") as app:
        assert await app.get_bean(Books).count() == 0


def test_what_the_environment_says_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, " postgresql://db/shop ")
    assert default_address(is_production=True) == "postgresql://db/shop"
    monkeypatch.delenv(VARIABLE)
    assert default_address(is_production=True) == ""
    assert default_address(is_production=False) == "sqlite:///pyfly.db"
