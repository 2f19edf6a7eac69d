"""Repositories with mistakes, all of which a start reports at once."""

from pyfly.container import repository
from pyfly.data.relational.sqlalchemy import Repository
from tests.data.shop.accounts import Account

# mypy: disable-error-code=empty-body


@repository
class Misspelt(Repository[Account, int]):
    async def find_by_onwer(self, owner: str) -> list[Account]: ...

    async def find_by_balance(self) -> list[Account]: ...
