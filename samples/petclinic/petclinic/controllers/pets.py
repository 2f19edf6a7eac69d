"""Pets."""

from pyfly.container import rest_controller
from pyfly.web import delete_mapping, get_mapping, put_mapping, request_mapping
from pyfly.web.openapi import api_tag

from petclinic.controllers.parameters import PetId
from petclinic.dtos import PetDto, PetFields
from petclinic.services.pets import PetService


@rest_controller
@request_mapping("/api/pets")
@api_tag("pets", "Pets.")
class PetsController:
    """Answers requests about pets."""

    def __init__(self, pets: PetService) -> None:
        self._pets = pets

    @get_mapping()
    async def list_pets(self) -> list[PetDto]:
        """List the pets."""
        return PetDto.all_of(await self._pets.all())

    @get_mapping("/{petId}")
    async def get_pet(self, pet_id: PetId) -> PetDto:
        """Get a pet."""
        return PetDto.of(await self._pets.get(pet_id))

    @put_mapping("/{petId}", status_code=204)
    async def update_pet(self, pet_id: PetId, fields: PetFields) -> None:
        """Update a pet."""
        await self._pets.update(pet_id, fields)

    @delete_mapping("/{petId}", status_code=204)
    async def delete_pet(self, pet_id: PetId) -> None:
        """Delete a pet with its visits."""
        await self._pets.delete(pet_id)
