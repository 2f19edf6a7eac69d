"""Port: who is called when entities are loaded, and before and after they are created, updated and deleted."""

from collections.abc import Awaitable
from typing import Literal, Protocol

Change = Literal["create", "update", "delete"]


class EntityHooks(Protocol):
    """Port: calls what was declared with ``@before_create`` and its siblings."""

    @property
    def has_loads(self) -> bool:
        """Whether anybody wants to be called for any entity that is loaded."""

    def concern(self, model: type) -> bool:
        """Return whether anybody wants to be called for changes of entities of the class *model*."""

    def before(self, change: Change, entity: object) -> Awaitable[None] | None:
        """Call what comes before *change*; what it raises stops it."""

    def after(self, change: Change, entity: object) -> Awaitable[None] | None:
        """Call what comes after *change*, in the transaction; the rest is called when it has committed."""

    def before_now(self, change: Change, entity: object) -> None:
        """Do what :meth:`before` does for code that is not async."""

    def after_now(self, change: Change, entity: object) -> None:
        """Do what :meth:`after` does for code that is not async."""

    def loaded(self, entity: object) -> Awaitable[None] | None:
        """Call what wants to see *entity*, which was just loaded; nobody may."""

    def loaded_now(self, entity: object) -> None:
        """Do what :meth:`loaded` does for code that is not async."""
