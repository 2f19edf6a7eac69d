from collections.abc import Iterable
from dataclasses import dataclass

from pyfly.container import component, repository
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.data import SaveListener
from pyfly.data.memory import MemoryRepository


@dataclass
class Item:
    name: str
    id: int | None = None


@repository
class Items(MemoryRepository[Item, int]):
    pass


@component
class Journal(SaveListener):
    def __init__(self) -> None:
        self.names: list[str] = []

    def concerns(self, entities: Iterable[object]) -> bool:
        return any(isinstance(entity, Item) and entity.name != "quiet" for entity in entities)

    def saved(self, entities: Iterable[object]) -> None:
        self.names += [entity.name for entity in entities if isinstance(entity, Item)]


async def test_listeners_hear_of_what_concerns_them() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(Items)
    context.register_bean(Journal)
    async with context:
        items = context.get_bean(Items)
        saved = await items.save(Item("a"))
        await items.save_all([Item("quiet")])
        await items.delete(saved)
        items.sync.save(Item("b"))
        assert context.get_bean(Journal).names == ["a", "a", "b"]
