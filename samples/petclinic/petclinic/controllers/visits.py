"""Visits."""

from pyfly.container import rest_controller
from pyfly.web import ResponseEntity, delete_mapping, get_mapping, post_mapping, put_mapping, request_mapping
from pyfly.web.openapi import api_response, api_tag

from petclinic.controllers.links import Links
from petclinic.controllers.parameters import VisitId
from petclinic.dtos import NewVisit, VisitDto, VisitFields
from petclinic.services.visits import VisitService


@rest_controller
@request_mapping("/api/visits")
@api_tag("visits", "Visits of pets.")
class VisitsController:
    """Answers requests about visits."""

    def __init__(self, visits: VisitService, links: Links) -> None:
        self._visits = visits
        self._links = links

    @get_mapping()
    async def list_visits(self) -> list[VisitDto]:
        """List the visits."""
        return VisitDto.all_of(await self._visits.all())

    @get_mapping("/{visitId}")
    async def get_visit(self, visit_id: VisitId) -> VisitDto:
        """Get a visit."""
        return VisitDto.of(await self._visits.get(visit_id))

    @post_mapping(status_code=201)
    @api_response(404, "There is no such pet.")
    async def add_visit(self, fields: NewVisit) -> ResponseEntity[VisitDto]:
        """Add a visit."""
        visit = VisitDto.of(await self._visits.add(fields.pet_id, fields))
        return ResponseEntity.created(self._links.to("visits", visit.id), visit)

    @put_mapping("/{visitId}", status_code=204)
    async def update_visit(self, visit_id: VisitId, fields: VisitFields) -> None:
        """Update a visit."""
        await self._visits.update(visit_id, fields)

    @delete_mapping("/{visitId}", status_code=204)
    async def delete_visit(self, visit_id: VisitId) -> None:
        """Delete a visit."""
        await self._visits.delete(visit_id)
