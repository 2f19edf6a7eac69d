"""Clients that read on from a position: from the query of a request to the database and back."""

from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository, rest_controller
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import Cursor, Scroll
from pyfly.data.relational.sqlalchemy import Repository
from pyfly.web import get_mapping
from pyfly.web.adapters.starlette import create_app


class Feed(DeclarativeBase):
    """The tables of these tests."""


class Entry(Feed):
    __tablename__ = "feed_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[int]


@repository
class Entries(Repository[Entry, int]):
    pass


@dataclass
class Shown:
    id: int


@rest_controller
class FeedController:
    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    @get_mapping("/entries")
    async def read(self, scroll: Scroll) -> Cursor[Shown]:
        return (await self.entries.find_all(scroll)).map(lambda entry: Shown(entry.id))


@pytest.fixture
async def feed() -> ApplicationContext:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": "sqlite://", "schema": "create"}}}))
    for bean in (Entries, FeedController):
        context.register_bean(bean)
    return context


async def test_a_client_reads_on_by_following_links(feed: ApplicationContext) -> None:
    async with feed:
        await feed.get_bean(Entries).save_all([Entry(day=number // 3) for number in range(7)])
        transport = httpx.ASGITransport(app=create_app(context=feed))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            found, url = [], "/entries?size=3&sort=day,desc"
            while url:
                answer = await client.get(url)
                assert answer.status_code == 200
                found += [each["id"] for each in answer.json()["items"]]
                following = answer.links.get("next")
                assert answer.json()["has_next"] is (following is not None)
                url = "" if following is None else str(answer.url.join(following["url"]))
            assert found == [7, 4, 5, 6, 1, 2, 3]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("size=1000000", 400),
        ("size=0", 400),
        ("after=xx", 400),
        ("sort=bogus", 400),
        ("sort=id,desc&size=2", 200),
    ],
)
async def test_what_clients_ask_for_has_bounds(feed: ApplicationContext, query: str, status: int) -> None:
    async with feed:
        transport = httpx.ASGITransport(app=create_app(context=feed))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get(f"/entries?{query}")).status_code == status
