"""The kinds of animals that the clinic treats."""

from pyfly.container import service
from pyfly.data import Sort, transactional

from petclinic.dtos import PetTypeFields
from petclinic.entities import PetType
from petclinic.repositories import PetTypeRepository
from petclinic.services.found import found


@service
class PetTypeService:
    """Keeps the pet types."""

    def __init__(self, types: PetTypeRepository) -> None:
        self._types = types

    async def all(self) -> list[PetType]:
        """Return every pet type."""
        return await self._types.find_all(Sort.by("id"))

    async def get(self, type_id: int) -> PetType:
        """Return one pet type."""
        return found(await self._types.find_by_id(type_id), "pet type", type_id)

    @transactional
    async def add(self, fields: PetTypeFields) -> PetType:
        """Store a new pet type."""
        return await self._types.save(PetType(name=fields.name))

    @transactional
    async def update(self, type_id: int, fields: PetTypeFields) -> None:
        """Rename a pet type."""
        pet_type = await self.get(type_id)
        pet_type.name = fields.name

    @transactional
    async def delete(self, type_id: int) -> None:
        """Remove a pet type, unless there are pets of it."""
        await self._types.delete(await self.get(type_id))
