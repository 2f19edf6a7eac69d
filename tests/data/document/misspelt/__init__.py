"""Repositories that do not fit their documents."""

from dataclasses import dataclass

from pyfly.container import repository
from pyfly.data.document.mongodb import BaseDocument, MongoRepository, document_query

# mypy: disable-error-code=empty-body


class Poem(BaseDocument):
    title: str
    lines: int = 0


@dataclass
class Song:
    title: str


@repository
class Poems(MongoRepository[Poem, str]):
    async def find_by_titel(self, title: str) -> list[Poem]: ...
    async def find_by_lines_containing(self, part: str) -> list[Poem]: ...

    @document_query({"title": ":name"})
    async def titled(self, title: str) -> list[Poem]: ...


@repository
class Songs(MongoRepository[Song, str]):
    """Songs are no documents."""
