"""The port through which a container has its beans initialised and destroyed."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from pyfly.container import BeanDefinition, Container, Scope
from tests.container.support import add_factory, container_of


class Clock: ...


class Service:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock


class Wrapping:
    """Replaces every bean of some names and notes what it sees."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.log: list[str] = []

    def concerns(self, definition: BeanDefinition) -> bool:
        return definition.name in self.names

    def awaits(self, definition: BeanDefinition) -> bool:
        return False

    def initialize(self, definition: BeanDefinition, bean: Any) -> Generator[Any, Any, Any]:
        yield from ()
        self.log.append(f"initialize {definition.name}")
        return type("Wrapped", (type(bean),), {"inner": bean})

    def has_destruction(self, definition: BeanDefinition) -> bool:
        return definition.name in self.names

    def destroy(self, definition: BeanDefinition, bean: Any) -> Iterator[Any]:
        yield from ()
        self.log.append(f"destroy {definition.name}")


@pytest.mark.parametrize("scope", [Scope.SINGLETON, Scope.TRANSIENT, Scope.REQUEST], ids=str)
def test_what_replaces_a_bean_is_what_dependants_receive(scope: Scope) -> None:
    lifecycle = Wrapping("Clock")
    container = container_of(Clock, Service, scope=scope)
    container.assembly.lifecycle = lifecycle  # type: ignore[assignment]
    with container.scope():
        assert container.resolve(Service).clock.inner is not None  # type: ignore[attr-defined]
    assert lifecycle.log[0] == "initialize Clock"


def test_beans_are_destroyed_at_the_end_of_their_scope() -> None:
    lifecycle = Wrapping("Clock", "Service")
    container = container_of(Clock)
    container.register(Service, scope=Scope.REQUEST)
    container.assembly.lifecycle = lifecycle  # type: ignore[assignment]
    with container.scope():
        container.resolve(Service)
    assert lifecycle.log[2:] == ["destroy Service"]
    container.close()
    assert lifecycle.log[3:] == ["destroy Clock"]


def test_none_that_a_factory_returned_is_not_initialised() -> None:
    lifecycle = Wrapping("clock")
    container = Container()
    container.assembly.lifecycle = lifecycle  # type: ignore[assignment]
    add_factory(container, lambda: None, Clock, name="clock", nullable=True)
    assert container.resolve_by_name("clock") is None
    assert lifecycle.log == []
