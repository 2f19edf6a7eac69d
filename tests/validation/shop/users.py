from typing import Annotated, ClassVar

from annotated_types import Ge, MaxLen, MinLen
from pydantic import BaseModel

from pyfly.container import component, repository, rest_controller, service
from pyfly.validation import Constraint, Create, OnlyIn, Patch, Update, validate_input, validated, validator
from pyfly.web import Body, get_mapping, patch_mapping, post_mapping, request_mapping


@repository
class UserRepository:
    def __init__(self) -> None:
        self.names = ["ann"]

    async def knows(self, name: str) -> bool:
        return name in self.names


@component
class UniqueName(Constraint[str]):
    message: ClassVar[str] = "is already taken"
    code: ClassVar[str] = "unique_name"

    def __init__(self, users: UserRepository) -> None:
        self.users = users

    async def is_valid(self, value: str) -> bool:
        return not await self.users.knows(value)


class User(BaseModel):
    id: Annotated[int | None, OnlyIn(Update)] = None
    name: Annotated[str, MinLen(1), UniqueName]
    nick: Annotated[str, MaxLen(5)] = ""


@service
@validated
class Users:
    async def register(self, user: User, *, copies: Annotated[int, Ge(1)] = 1) -> list[str]:
        return [user.name] * copies

    async def rename(self, name: Annotated[str, MinLen(1), UniqueName]) -> str:
        return name

    def count(self, least: Annotated[int, Ge(0)]) -> Annotated[int, Ge(0)]:
        return least - 5

    async def register_all(self, least: int) -> list[str]:
        return [*await self.register(User(name="bob"), copies=least)]

    def _inside(self, least: Annotated[int, Ge(0)]) -> int:
        return least


@service
class Notes:
    @validate_input(User, param="user")
    async def write(self, user: User) -> str:
        return user.name

    @validator(lambda self, text: bool(text), message="empty note")
    async def add(self, text: str) -> str:
        return text

    @validated
    def page(self, size: Annotated[int, Ge(1)]) -> int:
        return size

    def unchecked(self, size: Annotated[int, Ge(1)]) -> int:
        return size


@rest_controller
@request_mapping("/users")
class UserController:
    def __init__(self, users: Users, notes: Notes) -> None:
        self.users = users
        self.notes = notes

    @post_mapping("")
    @validated
    async def create(self, user: Body[Annotated[User, Create]]) -> dict[str, int | str | None]:
        return {"id": user.id, "name": user.name}

    @patch_mapping("/{id}")
    async def change(self, id: int, user: Body[Annotated[User, Patch]]) -> dict[str, object]:
        return user.model_dump(exclude_unset=True)

    @get_mapping("/page/{size}")
    async def page(self, size: int) -> int:
        return self.notes.page(size)

    @get_mapping("/count/{least}")
    async def count(self, least: int) -> int:
        return self.users.count(least)
