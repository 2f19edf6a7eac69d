"""The vocabulary of the container: scopes, extension points and the scope-handler port."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, Final, Protocol, TypeVar

T = TypeVar("T")
C = TypeVar("C", bound=type)


class Scope(Enum):
    """How long a bean lives and who shares it."""

    SINGLETON = "singleton"
    TRANSIENT = "transient"
    REQUEST = "request"
    SESSION = "session"


ScopeName = Scope | str


class Missing(Enum):
    """The type of :data:`MISSING`."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing.MISSING
"""Stands for "there is no value", where ``None`` is a value."""


class ScopeHandler(Protocol):
    """Port: keeps the beans of one custom scope.

    Structural: any object with these methods can be given to ``container.register_scope``.
    """

    def get(self, key: str, create: Callable[[], Any]) -> Any:
        """Return the bean kept under *key* for the current scope, calling *create* for the first."""

    async def close(self) -> None:
        """Forget every bean. Called once, when the context stops or the scope is unregistered."""


_extension_points: dict[type, tuple[str, ...]] = {}


def extension_point(protocol: C) -> C:
    """Let classes join *protocol* by structure: having all of its methods is enough.

    Everywhere else a class implements a protocol only by inheriting it, by an explicit binding or
    by the annotation of the ``@bean`` method that makes it. Controllers never join by structure.
    """
    _extension_points[protocol] = tuple(
        name for name, member in vars(protocol).items() if callable(member) and not name.startswith("_")
    )
    return protocol


def structural_methods(wanted: object) -> tuple[str, ...]:
    """Return the method names that make a class an implementation of *wanted*, if it is an extension point."""
    return _extension_points.get(wanted, ()) if isinstance(wanted, type) else ()


extension_point(ScopeHandler)
