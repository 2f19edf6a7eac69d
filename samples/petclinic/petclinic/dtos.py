"""What travels over the wire: camelCase JSON, and the constraints on what clients send.

``…Fields`` is what a client sends; ``…Dto`` is what it gets back, made by ``OwnerDto.of(owner)``.
"""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pyfly.data import Page

Item = TypeVar("Item")

OLDEST_PET = 50
ROLE_PREFIX = "ROLE_"


def today() -> dt.date:
    """Return the date that the calendar on the clinic's wall shows."""
    return dt.datetime.now().astimezone().date()


def _born_in_living_memory(day: dt.date) -> dt.date:
    if day > today():
        raise ValueError("must not be in the future")
    if (day.year + OLDEST_PET, day.month, day.day) < (today().year, today().month, today().day):
        raise ValueError(f"must not be more than {OLDEST_PET} years ago")
    return day


def _with_role_prefix(name: object) -> object:
    return (
        f"{ROLE_PREFIX}{name}"
        if isinstance(name, str) and name and not name.startswith(ROLE_PREFIX)
        else name
    )


def _written_as_a_day(day: object) -> object:
    if isinstance(day, dt.date) or (isinstance(day, str) and _DAY(day)):
        return day
    raise ValueError("must be a day, such as 2025-04-12")


# Numbers, also in quotes, would be taken for seconds since 1970.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
Day = Annotated[dt.date, BeforeValidator(_written_as_a_day)]
BirthDate = Annotated[Day, AfterValidator(_born_in_living_memory)]
FirstName = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[\p{L}]+([ '-][\p{L}]+){0,2}$")]
LastName = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[\p{L}]+([ '-][\p{L}]+){0,2}\.?$")]
Id = Annotated[int, Field(ge=0, le=2**31 - 1)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
RoleName = Annotated[
    str,
    Field(min_length=1, max_length=20),
    BeforeValidator(_with_role_prefix),
    # The limit holds for the name with its prefix; who leaves it out has that much less.
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "anyOf": [{"maxLength": 15}, {"maxLength": 20, "pattern": "^ROLE_"}],
        }
    ),
]


class Dto(BaseModel):
    """The base of all: camelCase outside, snake_case inside, readable from entities."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, from_attributes=True
    )

    @classmethod
    def of(cls, entity: object) -> Self:
        """Show an entity."""
        return cls.model_validate(entity)

    @classmethod
    def all_of(cls, entities: Iterable[object]) -> list[Self]:
        """Show several entities."""
        return [cls.of(entity) for entity in entities]


class PetTypeFields(Dto):
    """What can be said about a pet type."""

    name: Name


class PetTypeDto(PetTypeFields):
    """A pet type; a pet sent by a client names its type like this, too."""

    id: Id


class SpecialtyFields(Dto):
    """What can be said about a specialty."""

    name: Name


class SpecialtyDto(SpecialtyFields):
    """A specialty."""

    id: Id


class VisitFields(Dto):
    """What can be said about a visit of a known pet."""

    date: Day = Field(default_factory=today)
    description: Annotated[str, Field(min_length=1, max_length=255)]


class NewVisit(VisitFields):
    """A visit that names its pet."""

    pet_id: Id


class VisitDto(NewVisit):
    """A visit."""

    id: Id


class PetFields(Dto):
    """What can be said about a pet."""

    name: Annotated[str, Field(max_length=30)]
    birth_date: BirthDate
    type: PetTypeDto


class PetDto(Dto):
    """A pet with its visits, the latest first."""

    id: Id
    name: str
    birth_date: dt.date
    type: PetTypeDto
    owner_id: Id
    visits: list[VisitDto]


class OwnerFields(Dto):
    """What can be said about an owner."""

    first_name: FirstName
    last_name: LastName
    address: Annotated[str, Field(min_length=1, max_length=255)]
    city: Annotated[str, Field(min_length=1, max_length=80)]
    telephone: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9]*$")]


class OwnerDto(OwnerFields):
    """An owner with all pets, ordered by name."""

    id: Id
    pets: list[PetDto]


class SpecialtyRef(SpecialtyFields):
    """A specialty as a client names it: the number decides, the name alone will do."""

    id: Id | None = None


class VetFields(Dto):
    """What can be said about a vet."""

    first_name: FirstName
    last_name: LastName
    specialties: list[SpecialtyRef]


class VetDto(Dto):
    """A vet with all specialties, ordered by name."""

    id: Id
    first_name: str
    last_name: str
    specialties: list[SpecialtyDto]


class RoleDto(Dto):
    """A role; ``ROLE_`` is put before a name that lacks it."""

    name: RoleName


class UserFields(Dto):
    """What can be said about a user."""

    username: Annotated[str, Field(min_length=1, max_length=20)]
    password: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    enabled: Annotated[bool, Field(strict=True)] = True
    roles: list[RoleDto] = []


class UserDto(Dto):
    """A user; the password stays inside."""

    username: str
    enabled: bool
    roles: list[RoleDto]


class PageDto(Dto, Generic[Item]):
    """One page of a longer list; pages count from zero."""

    content: list[Item]
    page: int
    size: int
    total_elements: int
    total_pages: int

    @classmethod
    def of_page(cls, page: Page[Any]) -> Self:
        """Show one page of entities."""
        return cls.model_validate(
            {
                "content": page.items,
                "page": page.page - 1,
                "size": page.size,
                "total_elements": page.total,
                "total_pages": page.total_pages,
            }
        )


class OwnerPage(PageDto[OwnerDto]):
    """One page of the owners."""


class PetPage(PageDto[PetDto]):
    """One page of the pets."""
