"""Replacing bean definitions before anything is built, so that what is replaced never exists."""

from abc import ABC
from collections.abc import Iterator, Mapping
from typing import Any, Final, Generic, Protocol, get_origin

from pyfly.container import explain
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.graph import preferred
from pyfly.container.records import NO_RECORD
from pyfly.container.resolution import generic_keys
from pyfly.container.types import Scope
from pyfly.context.checking import register_properties
from pyfly.core.config.config import Config
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest
from pyfly.kernel.record import copy_with

_REASON: Final = "it is replaced for this test"
_NO_INTERFACE: Final = (object, Generic, Protocol, ABC)


class Replacements:
    """What stands where in one test application: by type, or by bean name.

    A replacement takes the place of the bean that an injection of its key would get, under that
    bean's name. Where there is no such bean it is simply added. Conditions see it from the start:
    a default that backs off when the bean exists does so.
    """

    def __init__(self, config: Config, container: Container, wanted: Mapping[Any, object]) -> None:
        """Announce what replaces beans of *container*: objects, or classes to make them of."""
        self._config = config
        self._container = container
        self._wanted = dict(wanted)
        self._announced = {
            key: container.add(_definition(key, value, None))
            for key, value in self._wanted.items()
            if not isinstance(key, str)
        }

    def apply(self) -> list[WiringError]:
        """Put every replacement into its place; return what is wrong with those that have none."""
        problems: list[WiringError] = []
        for key, value in self._wanted.items():
            try:
                self._replace(key, value)
            except WiringError as problem:
                problems.append(problem)
        register_properties(self._config, self._container)  # those that replacements ask for
        return problems

    def _replace(self, key: Any, value: object) -> None:
        replaced = self._named(key) if isinstance(key, str) else self._chosen(key)
        if replaced is None:
            return
        if key in self._announced:
            self._container.remove(self._announced[key])
        self._container.remove(replaced, _REASON)
        self._container.add(_definition(key, value, replaced))
        if isinstance(value, type):
            for interface in _interfaces(replaced):
                self._container.bind(interface, value)

    def _chosen(self, key: Any) -> BeanDefinition | None:
        candidates = [
            each for each in self._container.definitions_of(key) if each is not self._announced[key]
        ]
        chosen = preferred(candidates, key) if candidates else None
        if candidates and chosen is None:
            raise explain.ambiguous(key, candidates, "A replacement of this test")
        return chosen

    def _named(self, name: str) -> BeanDefinition:
        found = self._container.definition(name)
        if found is None:
            near = nearest(name, [each.name for each in self._container.definitions()])
            fix = (f"Did you mean '{near}'?",) if near else ()
            raise Problem(Diagnosis(f"This test replaces a bean named '{name}', and there is none.", (), fix))
        return found


def _interfaces(replaced: BeanDefinition) -> Iterator[Any]:
    """Everything by which the replaced bean was found, so that its replacement need not inherit from it."""
    yield from (base for base in replaced.type.__mro__ if base not in _NO_INTERFACE)
    yield from generic_keys(replaced.type)
    if replaced.type_key is not None:
        yield replaced.type_key


def _definition(key: Any, value: object, replaced: BeanDefinition | None) -> BeanDefinition:
    said = replaced.record if replaced is not None else NO_RECORD
    record = copy_with(NO_RECORD, primary=said.primary, order=said.order, fallback=said.fallback)
    common: dict[str, Any] = {
        "name": replaced.name if replaced is not None else explain.type_text(key),
        "record": record,
        "type_key": None if isinstance(key, str) else key,
    }
    if replaced is not None:
        common |= {"auto": replaced.auto, "subsystem": replaced.subsystem, "provider": replaced.provider}
    if isinstance(value, type):
        return BeanDefinition(
            value, scope=replaced.scope if replaced is not None else Scope.SINGLETON, **common
        )
    if replaced is not None:
        return BeanDefinition(replaced.type, instance=value, **{**common, "type_key": replaced.type_key})
    return BeanDefinition(get_origin(key) or key, instance=value, **common)
