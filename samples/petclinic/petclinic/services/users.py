"""The users."""

import asyncio
import hashlib
import secrets

from pyfly.container import service
from pyfly.data import transactional
from pyfly.kernel import InvalidRequestException

from petclinic.dtos import UserFields
from petclinic.entities import Role, User
from petclinic.repositories import UserRepository


@service
class UserService:
    """Keeps the users; of a password only the hash."""

    def __init__(self, users: UserRepository) -> None:
        self._users = users

    @transactional
    async def add(self, fields: UserFields) -> User:
        """Store a new user under a name that nobody has yet."""
        password = await _hashed(fields.password)
        if await self._users.exists(fields.username):
            raise InvalidRequestException(f"There is already a user {fields.username}.")
        roles = sorted({role.name for role in fields.roles})
        return await self._users.save(
            User(
                username=fields.username,
                password=password,
                enabled=fields.enabled,
                roles=[Role(name=name) for name in roles],
            )
        )


async def _hashed(password: str | None) -> str:
    """Return what is stored of a password; without one, nobody can log in."""
    if password is None:
        return ""
    salt = secrets.token_bytes(16)
    key = await asyncio.to_thread(hashlib.scrypt, password.encode(), salt=salt, n=2**14, r=8, p=1)
    return f"{{scrypt}}{salt.hex()}${key.hex()}"
