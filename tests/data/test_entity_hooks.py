# mypy: disable-error-code=empty-body

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from pyfly.container import component, order, repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import (
    Pageable,
    Specification,
    TransactionManager,
    after_delete,
    after_load,
    after_update,
    before_create,
    before_update,
)
from pyfly.data.memory import MemoryRepository, MemoryTransactionManager


@dataclass
class Item:
    name: str
    id: int | None = None


@repository
class Items(MemoryRepository[Item, int]):
    async def delete_by_name(self, name: str) -> int: ...
    def find_by_name_not(self, name: str) -> AsyncIterator[Item]: ...


@component
class Watch:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @order(2)
    @before_create(Item)
    def second(self, item: Item) -> None:
        self.seen.append(f"second {item.name}")

    @order(1)
    @before_create(Item)
    @before_update(Item)
    async def first(self, item: Item) -> None:
        self.seen.append(f"first {item.name}")

    @after_update(Item, phase="transaction")
    async def inside(self, item: Item) -> None:
        self.seen.append(f"inside {item.name}")

    @after_delete(Item)
    async def gone(self, item: Item) -> None:
        self.seen.append(f"gone {item.name}")


@component
class Reader:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @after_load(Item)
    def loaded(self, item: Item) -> None:
        self.seen.append(item.name)


@pytest.fixture
async def context() -> ApplicationContext:
    context = ApplicationContext(Config({}))
    context.register_bean(Items)
    context.register_bean(Watch)
    context.register_bean(Reader)
    return context


async def test_hooks_are_called_in_order_and_told_creation_from_update(context: ApplicationContext) -> None:
    async with context:
        items, watch = context.get_bean(Items), context.get_bean(Watch)
        saved = await items.save(Item("a"))
        saved.name = "b"
        await items.save(saved)
        await items.delete(saved)
        assert watch.seen == ["first a", "second a", "first b", "inside b", "gone b"]


async def test_what_follows_a_commit_does_not_follow_a_rollback(context: ApplicationContext) -> None:
    async with context:
        items, watch = context.get_bean(Items), context.get_bean(Watch)
        saved = await items.save(Item("a"))
        manager: TransactionManager = context.get_bean(MemoryTransactionManager)

        async def work() -> None:
            async with manager.transaction():
                await items.delete(saved)
                raise LookupError

        with pytest.raises(LookupError):
            await work()
        assert "gone a" not in watch.seen
        assert await items.count() == 1


async def test_deletions_by_name_by_specification_and_of_all_call_hooks(context: ApplicationContext) -> None:
    async with context:
        items, watch = context.get_bean(Items), context.get_bean(Watch)
        await items.save_all([Item(name) for name in ("a", "b", "c")])
        watch.seen.clear()
        assert await items.delete_by_name("a") == 1
        assert await items.delete_by_spec(Specification(lambda root: root.name == "b")) == 1
        await items.delete_all()
        assert watch.seen == ["gone a", "gone b", "gone c"]
        assert await items.count() == 0


async def test_hooks_see_what_is_loaded_in_every_shape(context: ApplicationContext) -> None:
    async with context:
        items, reader = context.get_bean(Items), context.get_bean(Reader)
        saved = await items.save(Item("a"))
        assert reader.seen == []
        await items.find_all()
        await items.find_by_id(saved.id or 0)
        await items.find_all(Pageable(1, 5))
        assert [item.name async for item in items.find_by_name_not("b")] == ["a"]
        await items.count()
        items.sync.find_all()
        assert reader.seen == ["a"] * 5
