"""Access to the stored entities; the names of the methods say what they find."""

from pyfly.container import repository
from pyfly.data import Page, Pageable
from pyfly.data.relational.sqlalchemy import Repository

from petclinic.entities import Owner, Pet, PetType, Specialty, User, Vet, Visit


@repository
class OwnerRepository(Repository[Owner, int]):
    """The owners."""

    async def find_by_last_name_starting_with_order_by_id(self, prefix: str) -> list[Owner]:
        """Find all owners whose last name starts with *prefix*."""

    async def find_by_last_name_starting_with(self, prefix: str, pageable: Pageable) -> Page[Owner]:
        """Find one page of the owners whose last name starts with *prefix*."""


@repository
class PetRepository(Repository[Pet, int]):
    """The pets."""

    async def find_by_id_and_owner_id(self, pet_id: int, owner_id: int) -> Pet | None:
        """Find a pet, provided it belongs to this owner."""


@repository
class PetTypeRepository(Repository[PetType, int]):
    """The pet types."""


@repository
class VisitRepository(Repository[Visit, int]):
    """The visits."""

    async def find_by_id_greater_than_order_by_id(self, number: int) -> list[Visit]:
        """Find the visits that were added after the one with this number."""


@repository
class SpecialtyRepository(Repository[Specialty, int]):
    """The specialties."""

    async def find_first_by_name_order_by_id(self, name: str) -> Specialty | None:
        """Find the specialty of this name, the oldest if there are several."""


@repository
class VetRepository(Repository[Vet, int]):
    """The vets."""


@repository
class UserRepository(Repository[User, str]):
    """The users, by user name."""
