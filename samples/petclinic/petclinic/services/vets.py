"""The vets."""

from pyfly.container import service
from pyfly.data import Sort, transactional

from petclinic.dtos import SpecialtyRef, VetFields
from petclinic.entities import Specialty, Vet
from petclinic.repositories import VetRepository
from petclinic.services.found import found
from petclinic.services.specialties import SpecialtyService


@service
class VetService:
    """Keeps the vets and what they are trained in."""

    def __init__(self, vets: VetRepository, specialties: SpecialtyService) -> None:
        self._vets = vets
        self._specialties = specialties

    async def all(self) -> list[Vet]:
        """Return every vet."""
        return await self._vets.find_all(Sort.by("id"))

    async def get(self, vet_id: int) -> Vet:
        """Return one vet."""
        return found(await self._vets.find_by_id(vet_id), "vet", vet_id)

    @transactional
    async def add(self, fields: VetFields) -> Vet:
        """Store a new vet."""
        specialties = await self._trained_in(fields.specialties)
        return await self._vets.save(
            Vet(first_name=fields.first_name, last_name=fields.last_name, specialties=specialties)
        )

    @transactional
    async def update(self, vet_id: int, fields: VetFields) -> None:
        """Replace what is known about a vet."""
        vet = await self.get(vet_id)
        vet.first_name = fields.first_name
        vet.last_name = fields.last_name
        vet.specialties = await self._trained_in(fields.specialties)

    @transactional
    async def delete(self, vet_id: int) -> None:
        """Remove a vet."""
        await self._vets.delete(await self.get(vet_id))

    async def _trained_in(self, references: list[SpecialtyRef]) -> list[Specialty]:
        named = [await self._specialties.named(reference) for reference in references]
        return sorted(set(named), key=lambda specialty: specialty.name)
