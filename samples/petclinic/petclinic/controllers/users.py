"""Users."""

from pyfly.container import rest_controller
from pyfly.web import ResponseEntity, post_mapping, request_mapping
from pyfly.web.openapi import api_tag

from petclinic.controllers.links import Links
from petclinic.dtos import UserDto, UserFields
from petclinic.services.users import UserService


@rest_controller
@request_mapping("/api/users")
@api_tag("users", "Users of the service.")
class UsersController:
    """Answers requests about users."""

    def __init__(self, users: UserService, links: Links) -> None:
        self._users = users
        self._links = links

    @post_mapping(status_code=201)
    async def add_user(self, fields: UserFields) -> ResponseEntity[UserDto]:
        """Add a user."""
        user = UserDto.of(await self._users.add(fields))
        return ResponseEntity.created(self._links.to("users", user.username), user)
