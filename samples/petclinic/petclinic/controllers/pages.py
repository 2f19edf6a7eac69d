"""The second version of the long lists: page by page."""

from pyfly.container import rest_controller
from pyfly.data import Pageable, Sort
from pyfly.web import get_mapping, request_mapping
from pyfly.web.openapi import api_operation

from petclinic.controllers.parameters import LastName, PageIndex, PageSize
from petclinic.dtos import OwnerPage, PetPage
from petclinic.services.owners import OwnerService
from petclinic.services.pets import PetService


@rest_controller
@request_mapping("/api/v2")
class PagesController:
    """Answers requests for one page of a list; clients count pages from zero."""

    def __init__(self, owners: OwnerService, pets: PetService) -> None:
        self._owners = owners
        self._pets = pets

    @get_mapping("/owners")
    @api_operation(tags=("owner-v2",))
    async def list_owners_page(
        self, last_name: LastName = "", page: PageIndex = 0, size: PageSize = 20
    ) -> OwnerPage:
        """List one page of the owners whose last name starts with the given one."""
        return OwnerPage.of_page(await self._owners.page(last_name, _by_id(page, size)))

    @get_mapping("/pets")
    @api_operation(tags=("pet-v2",))
    async def list_pets_page(self, page: PageIndex = 0, size: PageSize = 20) -> PetPage:
        """List one page of the pets."""
        return PetPage.of_page(await self._pets.page(_by_id(page, size)))


def _by_id(page: int, size: int) -> Pageable:
    return Pageable.of(page + 1, size, Sort.by("id"))
