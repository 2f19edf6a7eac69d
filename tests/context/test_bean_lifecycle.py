"""How the context initialises one bean."""

from typing import Any

import pytest

from pyfly.container import Container, Scope
from pyfly.context import post_construct, pre_destroy
from pyfly.context.bean_lifecycle import ContextBeanLifecycle
from tests.container.support import add_factory


class Clock:
    def __init__(self) -> None:
        self.log: list[str] = []

    @post_construct
    async def start(self) -> None:
        self.log.append("start")

    @pre_destroy
    def stop(self) -> None:
        self.log.append("stop")


class Plain: ...


class Special(Plain):
    @post_construct
    def start(self) -> None:
        self.started = True


class Doubling:
    """Replaces what it is given."""

    def before_init(self, bean: Any, bean_name: str) -> Any:
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        return (bean,)


@pytest.fixture
def container() -> Container:
    made = Container()
    made.assembly.lifecycle = ContextBeanLifecycle()
    return made


def lifecycle_of(container: Container) -> ContextBeanLifecycle:
    found = container.assembly.lifecycle
    assert isinstance(found, ContextBeanLifecycle)
    return found


def test_what_a_class_asks_for_is_known_without_a_bean(container: Container) -> None:
    lifecycle = lifecycle_of(container)
    clock, plain = container.register(Clock), container.register(Plain)
    assert [each(clock) for each in (lifecycle.concerns, lifecycle.awaits, lifecycle.has_destruction)] == [
        True
    ] * 3
    assert [each(plain) for each in (lifecycle.concerns, lifecycle.awaits, lifecycle.has_destruction)] == [
        False
    ] * 3
    lifecycle.processors = (Doubling(),)
    assert lifecycle.concerns(plain)


def test_a_factory_may_return_a_subclass_with_hooks(container: Container) -> None:
    def plain() -> Plain:
        return Special()

    add_factory(container, plain, Plain)
    found: Any = container.resolve(Plain)
    assert found.started is True


async def test_an_object_that_two_factories_return_is_initialised_once(container: Container) -> None:
    clock = Clock()
    for name in ("one", "two"):
        add_factory(container, lambda: clock, Clock, name=name)
    for definition in container.definitions():
        assert await container.aget(definition) is clock
    assert clock.log == ["start"]


def test_an_object_with_two_names_has_one_replacement(container: Container) -> None:
    plain = Plain()
    lifecycle_of(container).processors = (Doubling(),)
    for name in ("one", "two"):
        add_factory(container, lambda: plain, Plain, name=name)
    one = container.resolve_by_name("one")
    assert one == (plain,)
    assert container.resolve_by_name("two") is one


def test_every_transient_is_initialised_even_at_the_address_of_an_old_one(container: Container) -> None:
    container.register(Special, scope=Scope.TRANSIENT)
    assert all(container.resolve(Special).started for _ in range(50))


async def test_all_destruction_hooks_are_called_before_the_first_failure_is_raised(
    container: Container,
) -> None:
    log: list[str] = []

    class Broken:
        @pre_destroy
        def first(self) -> None:
            raise OSError("first")

        @pre_destroy
        async def second(self) -> None:
            log.append("second")
            raise OSError("second")

        @pre_destroy
        def third(self) -> None:
            log.append("third")

    container.register(Broken)
    container.resolve(Broken)
    with pytest.raises(OSError, match="first"):
        await container.aclose()
    assert log == ["second", "third"]
