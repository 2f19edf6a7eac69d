"""The visits."""

from pyfly.container import service
from pyfly.data import Sort, transactional
from pyfly.eda import EventPublisher

from petclinic.dtos import VisitDto, VisitFields
from petclinic.entities import Pet, Visit
from petclinic.repositories import VisitRepository
from petclinic.services.feed import VisitAdded
from petclinic.services.found import found
from petclinic.services.pets import PetService


@service
class VisitService:
    """Keeps the visits."""

    def __init__(self, visits: VisitRepository, pets: PetService, events: EventPublisher) -> None:
        self._visits = visits
        self._pets = pets
        self._events = events

    async def all(self) -> list[Visit]:
        """Return every visit."""
        return await self._visits.find_all(Sort.by("id"))

    async def get(self, visit_id: int) -> Visit:
        """Return one visit."""
        return found(await self._visits.find_by_id(visit_id), "visit", visit_id)

    @transactional
    async def add(self, pet_id: int, fields: VisitFields) -> Visit:
        """Store a new visit of a pet."""
        return await self._add(await self._pets.get(pet_id), fields)

    @transactional
    async def add_of_owner(self, owner_id: int, pet_id: int, fields: VisitFields) -> Visit:
        """Store a new visit of a pet, provided it belongs to this owner."""
        return await self._add(await self._pets.of_owner(owner_id, pet_id), fields)

    @transactional
    async def update(self, visit_id: int, fields: VisitFields) -> None:
        """Replace what is known about a visit."""
        visit = await self.get(visit_id)
        visit.date = fields.date
        visit.description = fields.description

    @transactional
    async def delete(self, visit_id: int) -> None:
        """Remove a visit."""
        await self._visits.delete(await self.get(visit_id))

    async def _add(self, pet: Pet, fields: VisitFields) -> Visit:
        visit = await self._visits.save(
            Visit(pet_id=pet.id, date=fields.date, description=fields.description)
        )
        await self._events.publish(VisitAdded(VisitDto.of(visit)))
        return visit
