"""Documents of several classes in one collection, with versions that came later, and with keys of their own."""

from typing import Any

from beanie import Insert, PydanticObjectId, before_event

from pyfly.container import repository
from pyfly.data.document.mongodb import (
    BaseDocument,
    MongoRepository,
    SoftDelete,
    Versioned,
    document_query,
)

# mypy: disable-error-code=empty-body


class Pet(SoftDelete, BaseDocument):
    name: str
    owner: PydanticObjectId | None = None

    class Settings:
        name = "pets"
        is_root = True


class Cat(Pet):
    lives: int = 9


class Dog(Pet):
    tricks: int = 0


class Visit(Versioned, SoftDelete, BaseDocument):
    reason: str

    class Settings:
        name = "visits"


class Bill(BaseDocument):
    amount: int = 0

    class Settings:
        name = "bills"
        use_revision = True


class Ward(Versioned, BaseDocument):
    id: str | None = None  # type: ignore[assignment]
    beds: int = 0
    label: str = ""

    class Settings:
        name = "wards"

    @before_event(Insert)
    def print_label(self) -> None:
        self.label = f"new {self.id}"


class Toy(BaseDocument):
    id: str | None = None  # type: ignore[assignment]
    colour: str | None = None

    class Settings:
        name = "toys"
        keep_nulls = False


@repository
class Toys(MongoRepository[Toy, str]):
    """Without what they have not."""


@repository
class Pets(MongoRepository[Pet, PydanticObjectId]):
    """All of them."""


@repository
class Cats(MongoRepository[Cat, PydanticObjectId]):
    async def exists_by_name(self, name: str) -> bool: ...
    async def delete_by_name(self, name: str) -> int: ...

    @document_query([{"$group": {"_id": "$lives", "cats": {"$sum": 1}}}])
    async def by_lives(self) -> list[dict[str, Any]]: ...

    @document_query([{"$match": {"name": ":name"}}, {"$project": {"name": 1, "_id": 0}}])
    async def named(self, name: str) -> list[dict[str, Any]]: ...


@repository
class Dogs(MongoRepository[Dog, PydanticObjectId]):
    """Those that bark."""


@repository
class Visits(MongoRepository[Visit, PydanticObjectId]):
    """Counted since some day."""


@repository
class Bills(MongoRepository[Bill, PydanticObjectId]):
    """With Beanie's revisions."""


@repository
class Wards(MongoRepository[Ward, str]):
    """With keys of their own, and versions."""
