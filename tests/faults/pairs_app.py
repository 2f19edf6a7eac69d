"""An application that writes two rows in each transaction: a single one, or two that differ, would be half of one."""

# mypy: disable-error-code=empty-body

from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import repository, rest_controller, service
from pyfly.core import pyfly_application
from pyfly.data import transactional
from pyfly.data.relational.sqlalchemy import Repository
from pyfly.web import PathVar, QueryParam, delete_mapping, get_mapping, put_mapping

HALVES = (1, 2)


class Log(DeclarativeBase):
    """The tables of these tests."""


class Half(Log):
    __tablename__ = "halves"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    half: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int]


class Pair(BaseModel):
    values: list[int]


@repository
class Halves(Repository[Half, tuple[int, int]]):
    async def find_by_id_order_by_half(self, id: int) -> list[Half]: ...


@service
class Pairs:
    def __init__(self, halves: Halves) -> None:
        self._halves = halves

    @transactional
    async def put(self, number: int, value: int) -> None:
        for half in HALVES:
            await self._halves.save(Half(id=number, half=half, value=value))

    @transactional
    async def remove(self, number: int) -> None:
        for half in HALVES:
            await self._halves.delete_by_id((number, half))


@rest_controller
class PairController:
    def __init__(self, pairs: Pairs, halves: Halves) -> None:
        self._pairs = pairs
        self._halves = halves

    @put_mapping("/pairs/{number}")
    async def put(self, number: PathVar[int], value: QueryParam[int]) -> None:
        await self._pairs.put(number, value)

    @delete_mapping("/pairs/{number}")
    async def remove(self, number: PathVar[int]) -> None:
        await self._pairs.remove(number)

    @get_mapping("/pairs/{number}")
    async def find(self, number: PathVar[int]) -> Pair:
        return Pair(values=[half.value for half in await self._halves.find_by_id_order_by_half(number)])


@pyfly_application(name="pairs", scan_packages=["tests.faults.pairs_app"])
class PairsApplication:
    pass
