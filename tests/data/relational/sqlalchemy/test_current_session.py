"""Repositories and services that ask for an ``AsyncSession``, as guides of earlier versions show."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import String, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import IllegalTransactionStateError, transactional
from pyfly.data.relational.sqlalchemy import Repository


class Legacy(DeclarativeBase):
    """The tables of these tests."""


class Order(Legacy):
    __tablename__ = "legacy_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))


@repository
class Orders(Repository[Order, int]):
    def __init__(self, session: AsyncSession) -> None:
        super().__init__(Order, session)

    async def names(self) -> list[str]:
        assert self._session is not None
        return list(await self._session.scalars(select(Order.name).order_by(Order.id)))


@service
class Shop:
    def __init__(self, orders: Orders, session: AsyncSession) -> None:
        self.orders = orders
        self.session = session

    @transactional
    async def order(self, *names: str) -> int:
        for name in names:
            self.session.add(Order(name=name))
        await self.session.flush()
        await self.orders.save(Order(name="last"))
        if "bad" in names:
            raise LookupError
        return int((await self.session.execute(select(func.count()).select_from(Order))).scalar_one())

    @transactional
    async def commits(self) -> None:
        await self.session.commit()


@pytest.fixture
async def shop(url: str) -> AsyncIterator[Shop]:
    context = ApplicationContext(Config({"pyfly": {"data": {"url": url, "schema": "create"}}}))
    for bean in (Orders, Shop):
        context.register_bean(bean)
    async with context:
        yield context.get_bean(Shop)


async def test_repositories_with_a_session_in_their_constructor_are_like_others(shop: Shop) -> None:
    saved = await shop.orders.save(Order(name="a"))
    assert await shop.orders.find_by_id(saved.id) is not saved
    assert await shop.orders.names() == ["a"]
    assert shop.orders.sync.count() == 1


async def test_the_session_is_that_of_the_current_transaction(shop: Shop) -> None:
    assert await shop.order("a", "b") == 3
    with pytest.raises(LookupError):
        await shop.order("c", "bad")
    assert await shop.orders.names() == ["a", "b", "last"]


async def test_without_a_transaction_each_call_has_one(shop: Shop) -> None:
    stored = await shop.session.merge(Order(name="a"))
    assert await shop.session.scalar(select(Order.name).where(Order.id == stored.id)) == "a"
    await shop.session.delete(stored)
    await shop.session.commit()
    await shop.session.close()
    assert await shop.orders.count() == 0
    async with shop.session.begin():
        shop.session.add(Order(name="b"))
    assert await shop.orders.names() == ["b"]


async def test_what_would_stay_open_or_end_too_much_is_refused(shop: Shop) -> None:
    with pytest.raises(IllegalTransactionStateError, match=r"session\.add needs a transaction"):
        shop.session.add(Order(name="a"))
    with pytest.raises(IllegalTransactionStateError, match=r"session\.stream needs a transaction"):
        await shop.session.stream(select(Order))
    with pytest.raises(IllegalTransactionStateError, match="before the unit of work that has begun it"):
        await shop.commits()
    with pytest.raises(AttributeError):
        shop.session.nothing  # type: ignore[attr-defined]  # noqa: B018
