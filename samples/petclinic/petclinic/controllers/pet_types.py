"""Pet types."""

from pyfly.container import rest_controller
from pyfly.web import ResponseEntity, delete_mapping, get_mapping, post_mapping, put_mapping, request_mapping
from pyfly.web.openapi import api_tag

from petclinic.controllers.links import Links
from petclinic.controllers.parameters import PetTypeId
from petclinic.dtos import PetTypeDto, PetTypeFields
from petclinic.services.pet_types import PetTypeService


@rest_controller
@request_mapping("/api/pettypes")
@api_tag("pettypes", "Pet types.")
class PetTypesController:
    """Answers requests about pet types."""

    def __init__(self, types: PetTypeService, links: Links) -> None:
        self._types = types
        self._links = links

    @get_mapping()
    async def list_pet_types(self) -> list[PetTypeDto]:
        """List the pet types."""
        return PetTypeDto.all_of(await self._types.all())

    @get_mapping("/{petTypeId}")
    async def get_pet_type(self, pet_type_id: PetTypeId) -> PetTypeDto:
        """Get a pet type."""
        return PetTypeDto.of(await self._types.get(pet_type_id))

    @post_mapping(status_code=201)
    async def add_pet_type(self, fields: PetTypeFields) -> ResponseEntity[PetTypeDto]:
        """Add a pet type."""
        pet_type = PetTypeDto.of(await self._types.add(fields))
        return ResponseEntity.created(self._links.to("pettypes", pet_type.id), pet_type)

    @put_mapping("/{petTypeId}", status_code=204)
    async def update_pet_type(self, pet_type_id: PetTypeId, fields: PetTypeFields) -> None:
        """Update a pet type."""
        await self._types.update(pet_type_id, fields)

    @delete_mapping("/{petTypeId}", status_code=204)
    async def delete_pet_type(self, pet_type_id: PetTypeId) -> None:
        """Delete a pet type."""
        await self._types.delete(pet_type_id)
