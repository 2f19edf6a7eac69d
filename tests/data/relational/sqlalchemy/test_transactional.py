from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from pyfly.data.relational.sqlalchemy import reactive_transactional
from pyfly.kernel.exceptions import DataIntegrityException
from tests.data.ledger import Books, Entry


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
