"""The indexes by which definitions are found."""

from abc import ABC, abstractmethod
from typing import Generic, Protocol, TypeVar

import pytest

from pyfly.container import BeanDefinition, Container, NoSuchBeanError, Scope
from pyfly.container.registry import Registration, Registry

T = TypeVar("T")


class Port(Protocol):
    """Implemented by inheriting it."""


class Base(ABC):
    @abstractmethod
    def run(self) -> None: ...


class Repository(Generic[T]): ...


class User: ...


class Order: ...


class Impl(Port, Base, Repository[User]):
    def run(self) -> None: ...


def registry_of(*classes: type) -> Registry:
    registry = Registry()
    for cls in classes:
        registry.add(BeanDefinition(cls, name=cls.__name__))
    return registry


def names(registry: Registry, wanted: object) -> list[str]:
    return [each.name for each in registry.assignable(wanted)]


@pytest.mark.parametrize("wanted", [Impl, Port, Base, Repository, Repository[User]], ids=str)
def test_a_definition_is_found_by_every_type_it_stands_for(wanted: object) -> None:
    assert names(registry_of(Impl), wanted) == ["Impl"]


@pytest.mark.parametrize("wanted", [object, ABC, Generic, Protocol, Repository[Order]], ids=str)
def test_a_definition_is_not_found_by_what_says_nothing_about_it(wanted: object) -> None:
    assert names(registry_of(Impl), wanted) == []


def test_a_removed_definition_is_found_by_nothing_and_its_reason_is_kept() -> None:
    registry = registry_of(Impl, User)
    registry.bind(Order, Impl)
    (definition,) = registry.named("Impl")
    registry.remove(definition, "it was not wanted", "Want it.")
    for wanted in (Impl, Port, Base, Repository[User], Order):
        assert names(registry, wanted) == []
    assert registry.named("Impl") == []
    assert [(each.definition, each.reason, each.remedy) for each in registry.exclusions] == [
        (definition, "it was not wanted", "Want it.")
    ]
    assert len(registry) == 1


def test_definitions_of_one_type_all_survive() -> None:
    registry = Registry()
    for name in ("a", "b", "c"):
        registry.add(BeanDefinition(User, name=name))
    assert names(registry, User) == ["a", "b", "c"]


@pytest.mark.parametrize("bind_first", [True, False], ids=["bound first", "registered first"])
def test_a_binding_counts_for_subclasses_whatever_came_first(bind_first: bool) -> None:
    class Special(Impl): ...

    registry = Registry()
    if bind_first:
        registry.bind(Order, Impl)
    registry.add(BeanDefinition(Special, name="special"))
    if not bind_first:
        registry.bind(Order, Impl)
    assert names(registry, Order) == ["special"]


def test_binding_twice_counts_once() -> None:
    registry = registry_of(Impl)
    for _ in range(2):
        registry.bind(Port, Impl)
        registry.bind(Order, Impl)
    assert names(registry, Port) == ["Impl"]
    assert names(registry, Order) == ["Impl"]


def test_a_definition_that_comes_back_keeps_its_place() -> None:
    registry = registry_of(User, Order)
    (first,) = registry.named("User")
    registry.remove(first)
    registry.add(first)
    assert [each.index for each in (first, *registry.named("Order"))] == [0, 1]


def test_the_declared_alias_of_a_factory_is_a_key() -> None:
    registry = Registry()
    registry.add(BeanDefinition(Repository, name="orders", type_key=Repository[Order]))
    assert names(registry, Repository[Order]) == ["orders"]
    assert names(registry, Repository[User]) == []


def test_a_summary_of_all_registrations_can_be_read() -> None:
    def allowed() -> bool:
        return True

    container = Container()
    container.register(User, scope=Scope.TRANSIENT, condition=allowed, name="user")
    order = Order()
    container.register_instance(order)
    assert container.registrations() == (
        Registration(User, Scope.TRANSIENT, allowed, None, "user"),
        Registration(Order, Scope.SINGLETON, None, order, "Order"),
    )


def test_a_bound_implementation_must_be_registered_to_be_found() -> None:
    container = Container()
    container.bind(Port, Impl)
    with pytest.raises(NoSuchBeanError, match="Port"):
        container.resolve(Port)  # type: ignore[type-abstract]
