"""Scopes, and protocols that classes join by their methods."""

from typing import Protocol

import pytest

from pyfly.container import Container, Scope, component, controller, extension_point, rest_controller
from tests.container.support import container_of


@extension_point
class Plugin(Protocol):
    """Structural: both methods are needed."""

    def install(self) -> None: ...

    def remove(self) -> None: ...


class Port(Protocol):
    """Nominal, as every protocol that is no extension point."""

    def install(self) -> None: ...


class Whole:
    def install(self) -> None: ...

    def remove(self) -> None: ...


class Half:
    def install(self) -> None: ...


def test_a_class_with_all_methods_of_an_extension_point_joins_it() -> None:
    container = container_of(Whole, Half)
    assert [each.name for each in container.definitions_of(Plugin)] == ["Whole"]


def test_a_class_joins_an_ordinary_protocol_only_by_saying_so() -> None:
    class Said(Port): ...

    container = container_of(Whole, Said)
    assert [each.name for each in container.definitions_of(Port)] == ["Said"]


@pytest.mark.parametrize("stereotype", [controller, rest_controller])
def test_a_controller_never_joins_an_extension_point(stereotype: type) -> None:
    decorated = stereotype(type("Handlers", (Whole,), {}))
    assert container_of(decorated).definitions_of(Plugin) == ()


def test_a_class_registered_later_joins_as_well() -> None:
    container = Container()
    assert container.resolve_all(Plugin) == []  # type: ignore[type-abstract]
    container.register(Whole)
    assert len(container.resolve_all(Plugin)) == 1  # type: ignore[type-abstract]


@pytest.mark.parametrize("scope", [Scope.REQUEST, "request"], ids=str)
def test_a_scope_may_be_written_as_text(scope: Scope | str) -> None:
    @component(scope=scope)
    class Basket: ...

    container = container_of(Basket)
    assert container.has_scope(Scope.REQUEST)
    with container.scope() as request:
        assert request.resolve(Basket) is container.resolve(Basket)
