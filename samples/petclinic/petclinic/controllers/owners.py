"""Owners, and what is done with their pets."""

from pyfly.container import rest_controller
from pyfly.web import ResponseEntity, delete_mapping, get_mapping, post_mapping, put_mapping, request_mapping
from pyfly.web.openapi import api_tag

from petclinic.controllers.links import Links
from petclinic.controllers.parameters import LastName, OwnerId, PetId
from petclinic.dtos import OwnerDto, OwnerFields, PetDto, PetFields, VisitDto, VisitFields
from petclinic.services.owners import OwnerService
from petclinic.services.pets import PetService
from petclinic.services.visits import VisitService


@rest_controller
@request_mapping("/api/owners")
@api_tag("owners", "Pet owners.")
class OwnersController:
    """Answers requests about owners."""

    def __init__(self, owners: OwnerService, pets: PetService, visits: VisitService, links: Links) -> None:
        self._owners = owners
        self._pets = pets
        self._visits = visits
        self._links = links

    @get_mapping()
    async def list_owners(self, last_name: LastName = "") -> list[OwnerDto]:
        """List the owners whose last name starts with the given one."""
        return OwnerDto.all_of(await self._owners.named(last_name))

    @get_mapping("/{ownerId}")
    async def get_owner(self, owner_id: OwnerId) -> OwnerDto:
        """Get an owner."""
        return OwnerDto.of(await self._owners.get(owner_id))

    @post_mapping(status_code=201)
    async def add_owner(self, fields: OwnerFields) -> ResponseEntity[OwnerDto]:
        """Add an owner."""
        owner = OwnerDto.of(await self._owners.add(fields))
        return ResponseEntity.created(self._links.to("owners", owner.id), owner)

    @put_mapping("/{ownerId}", status_code=204)
    async def update_owner(self, owner_id: OwnerId, fields: OwnerFields) -> None:
        """Update an owner."""
        await self._owners.update(owner_id, fields)

    @delete_mapping("/{ownerId}", status_code=204)
    async def delete_owner(self, owner_id: OwnerId) -> None:
        """Delete an owner with all pets."""
        await self._owners.delete(owner_id)

    @post_mapping("/{ownerId}/pets", status_code=201)
    async def add_pet_to_owner(self, owner_id: OwnerId, fields: PetFields) -> ResponseEntity[PetDto]:
        """Add a pet to an owner."""
        pet = PetDto.of(await self._pets.add(owner_id, fields))
        return ResponseEntity.created(self._links.to("pets", pet.id), pet)

    @get_mapping("/{ownerId}/pets/{petId}")
    async def get_owners_pet(self, owner_id: OwnerId, pet_id: PetId) -> PetDto:
        """Get a pet of an owner."""
        return PetDto.of(await self._pets.of_owner(owner_id, pet_id))

    @put_mapping("/{ownerId}/pets/{petId}", status_code=204)
    async def update_owners_pet(self, owner_id: OwnerId, pet_id: PetId, fields: PetFields) -> None:
        """Update a pet of an owner."""
        await self._pets.update_of_owner(owner_id, pet_id, fields)

    @post_mapping("/{ownerId}/pets/{petId}/visits", status_code=201)
    async def add_visit_to_owner(
        self, owner_id: OwnerId, pet_id: PetId, fields: VisitFields
    ) -> ResponseEntity[VisitDto]:
        """Add a visit of a pet of an owner."""
        visit = VisitDto.of(await self._visits.add_of_owner(owner_id, pet_id, fields))
        return ResponseEntity.created(self._links.to("visits", visit.id), visit)
