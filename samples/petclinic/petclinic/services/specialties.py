"""The fields in which vets are trained."""

from pyfly.container import service
from pyfly.data import Sort, transactional

from petclinic.dtos import SpecialtyFields, SpecialtyRef
from petclinic.entities import Specialty
from petclinic.repositories import SpecialtyRepository
from petclinic.services.found import found


@service
class SpecialtyService:
    """Keeps the specialties."""

    def __init__(self, specialties: SpecialtyRepository) -> None:
        self._specialties = specialties

    async def all(self) -> list[Specialty]:
        """Return every specialty."""
        return await self._specialties.find_all(Sort.by("id"))

    async def get(self, specialty_id: int) -> Specialty:
        """Return one specialty."""
        return found(await self._specialties.find_by_id(specialty_id), "specialty", specialty_id)

    async def named(self, reference: SpecialtyRef) -> Specialty:
        """Return the specialty that a client means."""
        if reference.id is not None:
            return await self.get(reference.id)
        specialty = await self._specialties.find_first_by_name_order_by_id(reference.name)
        return found(specialty, "specialty", reference.name)

    @transactional
    async def add(self, fields: SpecialtyFields) -> Specialty:
        """Store a new specialty."""
        return await self._specialties.save(Specialty(name=fields.name))

    @transactional
    async def update(self, specialty_id: int, fields: SpecialtyFields) -> None:
        """Rename a specialty."""
        specialty = await self.get(specialty_id)
        specialty.name = fields.name

    @transactional
    async def delete(self, specialty_id: int) -> None:
        """Remove a specialty; vets who had it keep the others."""
        await self._specialties.delete(await self.get(specialty_id))
