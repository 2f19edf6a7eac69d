"""Vets."""

from pyfly.container import rest_controller
from pyfly.web import ResponseEntity, delete_mapping, get_mapping, post_mapping, put_mapping, request_mapping
from pyfly.web.openapi import api_response, api_tag

from petclinic.controllers.links import Links
from petclinic.controllers.parameters import VetId
from petclinic.dtos import VetDto, VetFields
from petclinic.services.vets import VetService


@rest_controller
@request_mapping("/api/vets")
@api_tag("vets", "Vets.")
class VetsController:
    """Answers requests about vets."""

    def __init__(self, vets: VetService, links: Links) -> None:
        self._vets = vets
        self._links = links

    @get_mapping()
    async def list_vets(self) -> list[VetDto]:
        """List the vets."""
        return VetDto.all_of(await self._vets.all())

    @get_mapping("/{vetId}")
    async def get_vet(self, vet_id: VetId) -> VetDto:
        """Get a vet."""
        return VetDto.of(await self._vets.get(vet_id))

    @post_mapping(status_code=201)
    @api_response(404, "There is no such specialty.")
    async def add_vet(self, fields: VetFields) -> ResponseEntity[VetDto]:
        """Add a vet."""
        vet = VetDto.of(await self._vets.add(fields))
        return ResponseEntity.created(self._links.to("vets", vet.id), vet)

    @put_mapping("/{vetId}", status_code=204)
    async def update_vet(self, vet_id: VetId, fields: VetFields) -> None:
        """Update a vet."""
        await self._vets.update(vet_id, fields)

    @delete_mapping("/{vetId}", status_code=204)
    async def delete_vet(self, vet_id: VetId) -> None:
        """Delete a vet."""
        await self._vets.delete(vet_id)
