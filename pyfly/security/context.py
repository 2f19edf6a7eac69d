"""The record of who makes a request."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class SecurityContext:
    """Who makes a request, as whoever authenticated them says.

    Attributes:
        user_id: Their id, or ``None`` if nobody knows who they are.
        roles: Their roles.
        permissions: What they may do besides.
        attributes: What else is known of them.
    """

    user_id: str | None = None
    roles: list[str] = field(default_factory=list)
    permissions: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def anonymous(cls) -> Self:
        """Return the context of somebody unknown."""
        return cls()

    @property
    def is_authenticated(self) -> bool:
        """Whether it is known who they are."""
        return self.user_id is not None

    def has_role(self, role: str) -> bool:
        """Say whether they have *role*."""
        return role in self.roles

    def has_any_role(self, roles: Iterable[str]) -> bool:
        """Say whether they have one of *roles*."""
        return any(role in self.roles for role in roles)

    def has_permission(self, permission: str) -> bool:
        """Say whether they have *permission*."""
        return permission in self.permissions
