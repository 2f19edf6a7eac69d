from dataclasses import dataclass

from pyfly.data.memory import MemoryRepository, MemoryTransactionManager
from pyfly.data.query_post_processor import QueryMethodPostProcessor

# mypy: disable-error-code=empty-body


@dataclass
class Coin:
    value: int
    id: int | None = None


class Coins(MemoryRepository[Coin, int]):
    async def find_by_value_greater_than(self, value: int) -> list[Coin]: ...

    async def count_by_value(self, value: int) -> int:
        return -1


class CoinPostProcessor(QueryMethodPostProcessor):
    _repository = MemoryRepository


async def test_objects_are_given_the_methods_that_they_do_not_write_themselves() -> None:
    coins = CoinPostProcessor().after_init(Coins(MemoryTransactionManager()), "coins")
    await coins.save_all([Coin(1), Coin(2)])
    assert [coin.value for coin in await coins.find_by_value_greater_than(1)] == [2]
    assert await coins.count_by_value(1) == -1


def test_other_objects_are_left_alone() -> None:
    thing = object()
    assert CoinPostProcessor().before_init(thing, "x") is CoinPostProcessor().after_init(thing, "x") is thing
