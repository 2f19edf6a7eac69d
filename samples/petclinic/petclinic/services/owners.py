"""The owners."""

from pyfly.container import service
from pyfly.data import Page, Pageable, transactional

from petclinic.dtos import OwnerFields
from petclinic.entities import Owner
from petclinic.repositories import OwnerRepository
from petclinic.services.found import found


@service
class OwnerService:
    """Keeps the owners; their pets go with them."""

    def __init__(self, owners: OwnerRepository) -> None:
        self._owners = owners

    async def named(self, prefix: str) -> list[Owner]:
        """Return the owners whose last name starts with *prefix*."""
        return await self._owners.find_by_last_name_starting_with_order_by_id(prefix)

    async def page(self, prefix: str, pageable: Pageable) -> Page[Owner]:
        """Return one page of the owners whose last name starts with *prefix*."""
        return await self._owners.find_by_last_name_starting_with(prefix, pageable)

    async def get(self, owner_id: int) -> Owner:
        """Return one owner."""
        return found(await self._owners.find_by_id(owner_id), "owner", owner_id)

    @transactional
    async def add(self, fields: OwnerFields) -> Owner:
        """Store a new owner, who has no pets yet."""
        return await self._owners.save(Owner(**fields.model_dump(), pets=[]))

    @transactional
    async def update(self, owner_id: int, fields: OwnerFields) -> None:
        """Replace what is known about an owner."""
        owner = await self.get(owner_id)
        for name, value in fields:
            setattr(owner, name, value)

    @transactional
    async def delete(self, owner_id: int) -> None:
        """Remove an owner with all pets and their visits."""
        await self._owners.delete(await self.get(owner_id))
