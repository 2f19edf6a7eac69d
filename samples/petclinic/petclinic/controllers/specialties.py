"""Specialties."""

from pyfly.container import rest_controller
from pyfly.web import ResponseEntity, delete_mapping, get_mapping, post_mapping, put_mapping, request_mapping
from pyfly.web.openapi import api_tag

from petclinic.controllers.links import Links
from petclinic.controllers.parameters import SpecialtyId
from petclinic.dtos import SpecialtyDto, SpecialtyFields
from petclinic.services.specialties import SpecialtyService


@rest_controller
@request_mapping("/api/specialties")
@api_tag("specialties", "What vets are trained in.")
class SpecialtiesController:
    """Answers requests about specialties."""

    def __init__(self, specialties: SpecialtyService, links: Links) -> None:
        self._specialties = specialties
        self._links = links

    @get_mapping()
    async def list_specialties(self) -> list[SpecialtyDto]:
        """List the specialties."""
        return SpecialtyDto.all_of(await self._specialties.all())

    @get_mapping("/{specialtyId}")
    async def get_specialty(self, specialty_id: SpecialtyId) -> SpecialtyDto:
        """Get a specialty."""
        return SpecialtyDto.of(await self._specialties.get(specialty_id))

    @post_mapping(status_code=201)
    async def add_specialty(self, fields: SpecialtyFields) -> ResponseEntity[SpecialtyDto]:
        """Add a specialty."""
        specialty = SpecialtyDto.of(await self._specialties.add(fields))
        return ResponseEntity.created(self._links.to("specialties", specialty.id), specialty)

    @put_mapping("/{specialtyId}", status_code=204)
    async def update_specialty(self, specialty_id: SpecialtyId, fields: SpecialtyFields) -> None:
        """Update a specialty."""
        await self._specialties.update(specialty_id, fields)

    @delete_mapping("/{specialtyId}", status_code=204)
    async def delete_specialty(self, specialty_id: SpecialtyId) -> None:
        """Delete a specialty."""
        await self._specialties.delete(specialty_id)
