"""The definitions of a container and the indexes by which they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_origin

from pyfly.container.definition import BeanDefinition
from pyfly.container.resolution import generic_keys
from pyfly.container.types import Scope, ScopeName, is_extension_point, joins_by_structure
from pyfly.kernel.record import Record

_CONTROLLERS = ("controller", "rest_controller")
_NO_INTERFACE = frozenset({"object", "Generic", "Protocol", "ABC"})


class Registration(Record):
    """A read-only summary of one registered bean."""

    impl_type: type
    scope: ScopeName = Scope.SINGLETON
    condition: Callable[..., bool] | None = None
    instance: Any = None
    name: str = ""

    def __repr__(self) -> str:
        """Return the summary without the instance, whose own text may hold anything."""
        return f"Registration({self.name!r}, {self.impl_type.__qualname__}, {self.scope})"


class Exclusion:
    """A definition that was left out, the reason, and the sentence that says how to keep it, if there is one."""

    __slots__ = ("definition", "reason", "remedy")

    def __init__(self, definition: BeanDefinition, reason: str, remedy: str = "") -> None:
        """Remember that *definition* was left out because of *reason*, which *remedy* removes."""
        self.definition = definition
        self.reason = reason
        self.remedy = remedy


class Registry:
    """Keeps definitions in registration order, indexed by name and by every type they stand for."""

    def __init__(self) -> None:
        """Start without any definition."""
        self._definitions: dict[BeanDefinition, None] = {}
        self._by_name: dict[str, list[BeanDefinition]] = {}
        self._by_key: dict[Any, list[BeanDefinition]] = {}
        self._bindings: dict[type, list[Any]] = {}
        self._structural: dict[Any, tuple[BeanDefinition, ...]] = {}
        self._next_index = 0
        self.exclusions: list[Exclusion] = []
        self.version = 0

    def __iter__(self) -> Iterator[BeanDefinition]:
        return iter(tuple(self._definitions))

    def __len__(self) -> int:
        return len(self._definitions)

    def __contains__(self, definition: BeanDefinition) -> bool:
        return definition in self._definitions

    def add(self, definition: BeanDefinition) -> BeanDefinition:
        """Add *definition*; several of one name are kept and reported by the graph check."""
        if definition.index < 0:
            definition.index = self._next_index
            self._next_index += 1
        self._definitions[definition] = None
        self._by_name.setdefault(definition.name, []).append(definition)
        for key in self._keys(definition):
            self._by_key.setdefault(key, []).append(definition)
        self._changed()
        return definition

    def remove(self, definition: BeanDefinition, reason: str = "", remedy: str = "") -> None:
        """Take *definition* out of every index; a *reason* is kept for failure reports, with its *remedy*."""
        del self._definitions[definition]
        self._discard(self._by_name, definition.name, definition)
        for key in self._keys(definition):
            self._discard(self._by_key, key, definition)
        if reason:
            self.exclusions.append(Exclusion(definition, reason, remedy))
        self._changed()

    def bind(self, interface: Any, implementation: type) -> None:
        """Let look-ups of *interface* find the definitions of *implementation*, present and future."""
        interfaces = self._bindings.setdefault(implementation, [])
        if interface in interfaces:
            return
        interfaces.append(interface)
        for definition in self:
            if implementation in definition.type.__mro__ and definition not in self._by_key.get(
                interface, ()
            ):
                self._by_key.setdefault(interface, []).append(definition)
        self._changed()

    def named(self, name: str) -> list[BeanDefinition]:
        """Return the definitions called *name*; more than one is a mistake."""
        return self._by_name.get(name, [])

    def names(self) -> Iterable[str]:
        """Return every bean name."""
        return self._by_name.keys()

    def assignable(self, wanted: Any) -> list[BeanDefinition]:
        """Return every definition that stands for *wanted*, in registration order."""
        if is_extension_point(wanted):
            return list(self._structurally(wanted))
        return sorted(self._by_key.get(wanted, ()), key=_by_index)

    def _changed(self) -> None:
        self.version += 1
        self._structural.clear()

    def _keys(self, definition: BeanDefinition) -> Iterable[Any]:
        return dict.fromkeys(self._all_keys(definition))

    def _all_keys(self, definition: BeanDefinition) -> Iterator[Any]:
        generic = False
        for base in definition.type.__mro__:
            generic = generic or "__orig_bases__" in base.__dict__
            if base.__name__ not in _NO_INTERFACE or base is definition.type:
                yield base
            if base in self._bindings:
                yield from self._bindings[base]
        if generic:
            yield from generic_keys(definition.type)
        if definition.type_key is not None:
            yield definition.type_key
            yield from generic_keys(get_origin(definition.type_key) or definition.type)

    def _structurally(self, protocol: type) -> tuple[BeanDefinition, ...]:
        found = self._structural.get(protocol)
        if found is None:
            found = self._structural[protocol] = tuple(
                definition
                for definition in self
                if definition.stereotype not in _CONTROLLERS and joins_by_structure(definition.type, protocol)
            )
        return found

    @staticmethod
    def _discard(index: dict[Any, list[BeanDefinition]], key: Any, definition: BeanDefinition) -> None:
        entries = [entry for entry in index.get(key, ()) if entry is not definition]
        if entries:
            index[key] = entries
        else:
            index.pop(key, None)


def _by_index(definition: BeanDefinition) -> int:
    return definition.index


def by_order(definition: BeanDefinition) -> tuple[int, int]:
    """Sort key: ``@order`` first, then registration."""
    return (definition.order, definition.index)
