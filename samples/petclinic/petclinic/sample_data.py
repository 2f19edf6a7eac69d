"""The clinic's first owners, pets, visits, vets and the administrator."""

from collections.abc import Iterator
from importlib.resources import files

from pyfly.container import component
from pyfly.core import ApplicationRunner
from pyfly.data import transactional
from sqlalchemy import text

from petclinic.repositories import UserRepository


@component
class SampleData(ApplicationRunner):
    """Fills the database when the application starts on it for the first time."""

    def __init__(self, users: UserRepository) -> None:
        self._users = users

    @transactional
    async def run(self) -> None:
        """Load the data, unless there is a user: users are never deleted."""
        if await self._users.count():
            return
        async with self._users.session() as session:
            for statement in _statements():
                await session.execute(text(statement))


def _statements() -> Iterator[str]:
    script = files("petclinic").joinpath("db/data.sql").read_text(encoding="utf-8")
    return (statement for statement in script.split(";\n") if statement.strip())
