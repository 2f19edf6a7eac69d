from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from pyfly.container import repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import DataSource, after_commit
from pyfly.data.relational.sqlalchemy import (
    Repository,
    SqlAlchemyTransactionManager,
    reactive_transactional,
)
from pyfly.data.relational.sqlalchemy.transaction_manager import SqlAlchemyTransaction
from pyfly.kernel.exceptions import DataIntegrityException
from tests.data.ledger import Books, Entry


@repository
class Entries(Repository[Entry, int]):
    pass


async def test_a_function_is_given_a_session_that_commits_or_rolls_back(tmp_path: Path) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    async with engine.begin() as connection:
        await connection.run_sync(Books.metadata.create_all)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @reactive_transactional(sessions)
    async def add(session: AsyncSession, name: str) -> str:
        await session.execute(insert(Entry).values(name=name, amount=0))
        if name == "bad":
            raise LookupError
        return name

    class Service:
        @reactive_transactional(sessions)
        async def count(self, session: AsyncSession) -> int:
            return (await session.execute(select(func.count()).select_from(Entry))).scalar_one()

    assert await add("a") == "a"
    with pytest.raises(LookupError):
        await add("bad")
    with pytest.raises(DataIntegrityException):
        await add("a")
    assert await Service().count() == 1
    await engine.dispose()


async def test_repositories_join_the_session_of_a_function_on_their_data_source(url: str) -> None:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    context.register_bean(Entries)
    async with context:
        entries, manager = context.get_bean(Entries), context.get_bean(SqlAlchemyTransactionManager)
        sessions = async_sessionmaker(context.get_bean(DataSource).engine, expire_on_commit=False)
        seen: list[str] = []

        @reactive_transactional(sessions)
        async def add(session: AsyncSession, name: str) -> None:
            session.add(Entry(name=name, amount=1))
            await session.flush()
            assert await entries.count(name=name) == 1
            await entries.save(Entry(name=f"{name} too", amount=2))
            after_commit(lambda: seen.append(name))
            current = manager.current()
            assert isinstance(current, SqlAlchemyTransaction)
            assert current.session is session
            if name == "bad":
                raise LookupError

        await add("a")
        with pytest.raises(LookupError):
            await add("bad")
        with pytest.raises(DataIntegrityException):
            await add("a")
        assert {each.name for each in await entries.find_all()} == {"a", "a too"}
        assert seen == ["a"]
        assert manager.current() is None
