from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped

from pyfly.data.relational.properties import SchemaMode
from pyfly.data.relational.sqlalchemy import Base, BaseEntity, DataSource, Repository


class Note(BaseEntity):
    __tablename__ = "notes"

    text: Mapped[str]


@pytest.fixture
async def session(url: str) -> AsyncIterator[AsyncSession]:
    source = DataSource(url, schema=SchemaMode.CREATE, metadata=[Base.metadata])
    await source.start()
    async with AsyncSession(source.engine, expire_on_commit=False) as session:
        yield session
    await source.stop()


async def test_a_saved_entity_has_an_id_and_instants_with_a_time_zone(session: AsyncSession) -> None:
    saved = await Repository[Note, object](Note, session).save(Note(text="a"))
    assert saved.id is not None
    assert saved.created_at.tzinfo is not None
    assert saved.created_by is None


async def test_instants_are_read_back_as_they_were(session: AsyncSession) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    note = Note(text="a", created_at=noon)
    session.add(note)
    await session.flush()
    session.expire(note)
    await session.refresh(note)
    assert note.created_at == noon
    assert note.created_at.tzinfo is UTC


async def test_changing_an_entity_moves_its_time_of_change(session: AsyncSession) -> None:
    notes = Repository[Note, object](Note, session)
    note = await notes.save(Note(text="a", updated_at=datetime(2020, 1, 1, tzinfo=UTC)))
    note.text = "b"
    assert (await notes.save(note)).updated_at > datetime(2020, 1, 2, tzinfo=UTC)
