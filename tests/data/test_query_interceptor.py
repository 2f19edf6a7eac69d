# mypy: disable-error-code=empty-body
from dataclasses import dataclass

from pyfly.container.interception import advised_class
from pyfly.data.memory import MemoryRepository, MemoryTransactionManager
from pyfly.data.query_interceptor import QueryMethodInterceptor


@dataclass
class Item:
    name: str
    id: int | None = None


class Items(MemoryRepository[Item, int]):
    async def find_by_name(self, name: str) -> list[Item]: ...

    async def find_by_hand(self) -> str:
        return "kept"


class Stranger:
    async def find_by_name(self, name: str) -> str: ...


async def test_empty_query_methods_of_repositories_are_implemented_and_nothing_else() -> None:
    woven = advised_class(Items, "items", [QueryMethodInterceptor()])
    items = woven(MemoryTransactionManager())
    await items.save(Item("a"))
    assert [item.name for item in await items.find_by_name("a")] == ["a"]
    assert await items.find_by_hand() == "kept"
    assert advised_class(Stranger, "stranger", [QueryMethodInterceptor()]) is Stranger
