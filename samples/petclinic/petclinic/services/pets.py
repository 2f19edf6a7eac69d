"""The pets."""

from pyfly.container import service
from pyfly.data import Page, Pageable, Sort, transactional

from petclinic.dtos import PetFields
from petclinic.entities import Pet
from petclinic.repositories import PetRepository
from petclinic.services.found import found
from petclinic.services.owners import OwnerService
from petclinic.services.pet_types import PetTypeService


@service
class PetService:
    """Keeps the pets; their visits go with them."""

    def __init__(self, pets: PetRepository, owners: OwnerService, types: PetTypeService) -> None:
        self._pets = pets
        self._owners = owners
        self._types = types

    async def all(self) -> list[Pet]:
        """Return every pet."""
        return await self._pets.find_all(Sort.by("id"))

    async def page(self, pageable: Pageable) -> Page[Pet]:
        """Return one page of the pets."""
        return await self._pets.find_all(pageable)

    async def get(self, pet_id: int) -> Pet:
        """Return one pet."""
        return found(await self._pets.find_by_id(pet_id), "pet", pet_id)

    async def of_owner(self, owner_id: int, pet_id: int) -> Pet:
        """Return one pet, provided it belongs to this owner."""
        pet = await self._pets.find_by_id_and_owner_id(pet_id, owner_id)
        return found(pet, f"pet of owner {owner_id} with number", pet_id)

    @transactional
    async def add(self, owner_id: int, fields: PetFields) -> Pet:
        """Store a new pet of an owner."""
        owner = await self._owners.get(owner_id)
        pet_type = await self._types.get(fields.type.id)
        return await self._pets.save(
            Pet(name=fields.name, birth_date=fields.birth_date, type=pet_type, owner_id=owner.id, visits=[])
        )

    @transactional
    async def update(self, pet_id: int, fields: PetFields) -> None:
        """Replace what is known about a pet."""
        await self._change(await self.get(pet_id), fields)

    @transactional
    async def update_of_owner(self, owner_id: int, pet_id: int, fields: PetFields) -> None:
        """Replace what is known about a pet, provided it belongs to this owner."""
        await self._change(await self.of_owner(owner_id, pet_id), fields)

    @transactional
    async def delete(self, pet_id: int) -> None:
        """Remove a pet with its visits."""
        await self._pets.delete(await self.get(pet_id))

    async def _change(self, pet: Pet, fields: PetFields) -> None:
        pet.name = fields.name
        pet.birth_date = fields.birth_date
        pet.type = await self._types.get(fields.type.id)
