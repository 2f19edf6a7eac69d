"""The vocabulary of the container: scopes, extension points and the scope-handler port."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from inspect import get_annotations
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


_extension_points: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {}


def extension_point(protocol: C) -> C:
    """Let classes join *protocol* by structure: having all of its members is enough.

    Everywhere else a class implements a protocol only by inheriting it, by an explicit binding or
    by the annotation of the ``@bean`` method that makes it. Controllers never join by structure.
    """
    own = {name: member for name, member in vars(protocol).items() if not name.startswith("_")}
    attributes = [name for name, member in own.items() if isinstance(member, property)]
    attributes += [name for name in getattr(protocol, "__annotations__", {}) if not name.startswith("_")]
    methods = [name for name, member in own.items() if callable(member)]
    _extension_points[protocol] = tuple(methods), tuple(attributes)
    return protocol


def is_extension_point(wanted: object) -> bool:
    """Say whether classes join *wanted* by structure."""
    return isinstance(wanted, type) and wanted in _extension_points


def joins_by_structure(cls: type, protocol: type) -> bool:
    """Say whether *cls* has every member of the extension point *protocol*."""
    methods, attributes = _extension_points[protocol]
    return all(callable(getattr(cls, name, None)) for name in methods) and all(
        hasattr(cls, name) or any(name in get_annotations(base) for base in cls.__mro__)
        for name in attributes
    )


extension_point(ScopeHandler)
