"""The variables of the paths and what pages are asked for, as every controller reads them."""

from typing import Annotated

from pydantic import Field
from pyfly.web import Header, PathVar, QueryParam

from petclinic.dtos import Id

OwnerId = Annotated[Id, PathVar("ownerId")]
PetId = Annotated[Id, PathVar("petId")]
PetTypeId = Annotated[Id, PathVar("petTypeId")]
SpecialtyId = Annotated[Id, PathVar("specialtyId")]
VetId = Annotated[Id, PathVar("vetId")]
VisitId = Annotated[Id, PathVar("visitId")]

LastVisit = Annotated[Id | None, Header("Last-Event-ID")]
# No database keeps U+0000 in a text.
LastName = Annotated[str, Field(pattern=r"^[^\x00]*$"), QueryParam("lastName")]
PageIndex = Annotated[Id, QueryParam("page")]
PageSize = Annotated[int, Field(ge=1, le=100), QueryParam("size")]
