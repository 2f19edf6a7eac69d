"""Accounts and transfers."""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pyfly.container import Autowired, repository, service
from pyfly.data import after_commit, transactional
from pyfly.data.relational.sqlalchemy import Repository

# mypy: disable-error-code=empty-body


class Bank(DeclarativeBase):
    """The tables of the bank: a base of the application's own."""


class Account(Bank):
    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(50), unique=True)
    balance: Mapped[int] = mapped_column(default=0)


class NotEnoughError(Exception):
    """The account does not hold that much."""


@repository
class Accounts(Repository[Account, int]):
    async def find_by_owner(self, owner: str) -> Account: ...

    async def count_by_balance_less_than(self, limit: int) -> int: ...


@service
class Teller:
    accounts: Accounts = Autowired()

    def __init__(self) -> None:
        self.receipts: list[str] = []

    async def open_and_forget(self, owner: str) -> None:
        await self.open(owner, 0)
        raise NotEnoughError(owner)

    @transactional
    async def open(self, owner: str, balance: int) -> Account:
        after_commit(lambda: self.receipts.append(owner))
        return await self.accounts.save(Account(owner=owner, balance=balance))

    @transactional
    async def transfer(self, source: str, target: str, amount: int) -> None:
        receiver = await self.accounts.find_by_owner(target)
        receiver.balance += amount
        await self.accounts.save(receiver)
        giver = await self.accounts.find_by_owner(source)
        giver.balance -= amount
        await self.accounts.save(giver)
        if giver.balance < 0:
            raise NotEnoughError(source)

    @transactional(read_only=True)
    async def peek_and_write(self, owner: str) -> None:
        await self.open(owner, 0)


@transactional
@service
class Auditor:
    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts

    async def reset(self) -> None:
        await self.accounts.delete_all()
        raise NotEnoughError

    def describe(self) -> str:
        return "plain methods of a transactional class stay plain"
