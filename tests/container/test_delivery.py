"""``Provider`` and ``Lazy``, and who stands behind them."""

from typing import Annotated

import pytest

from pyfly.container import Lazy, NoSuchBeanError, NoUniqueBeanError, Provider, Qualifier, Scope
from tests.container.support import add_factory, container_of


class Clock: ...


class Service:
    def __init__(self, clock: Provider[Clock]) -> None:
        self.clock = clock


class LazyService:
    def __init__(self, clock: Lazy[Clock]) -> None:
        self.clock = clock


def test_a_provider_defers_the_creation_until_it_is_asked() -> None:
    made = []

    def clock() -> Clock:
        made.append(1)
        return Clock()

    container = container_of(Service)
    add_factory(container, clock, Clock)
    service = container.resolve(Service)
    assert made == []
    assert service.clock.get() is service.clock() is container.resolve(Clock)
    assert made == [1]


def test_a_provider_asks_each_time_and_a_lazy_handle_once() -> None:
    container = container_of(Service, LazyService)
    container.register(Clock, scope=Scope.TRANSIENT)
    provider, handle = container.resolve(Service).clock, container.resolve(LazyService).clock
    assert provider.get() is not provider.get()
    assert handle.get() is handle() is handle.get()


def test_a_provider_without_bean_is_accepted_and_fails_when_asked() -> None:
    service = container_of(Service).resolve(Service)
    assert service.clock.get_or_none() is None
    with pytest.raises(NoSuchBeanError, match="has no bean of type Clock to yield"):
        service.clock.get()


def test_a_provider_of_an_ambiguous_type_is_refused_at_once() -> None:
    container = container_of(Service, Clock)
    container.register(Clock, name="other")
    with pytest.raises(NoUniqueBeanError, match=r"\(through a provider\)"):
        container.resolve(Service)


def test_a_bean_that_fails_behind_a_provider_fails_also_for_get_or_none() -> None:
    class Broken:
        def __init__(self) -> None:
            raise OSError("broken")

    class Needs:
        def __init__(self, broken: Provider[Broken]) -> None:
            self.broken = broken

    with pytest.raises(OSError, match="broken"):
        container_of(Broken, Needs).resolve(Needs).broken.get_or_none()


def test_a_provider_may_be_qualified() -> None:
    class Chosen:
        def __init__(self, clock: Provider[Annotated[Clock, Qualifier("utc")]]) -> None:
            self.clock = clock

    container = container_of(Chosen, Clock)
    container.register(Clock, name="utc")
    assert container.resolve(Chosen).clock.get() is container.resolve_by_name("utc")


def test_a_singleton_reaches_the_bean_of_each_request_through_a_provider() -> None:
    container = container_of(Service)
    container.register(Clock, scope=Scope.REQUEST)
    service = container.resolve(Service)
    with container.scope():
        first = service.clock.get()
        assert service.clock.get() is first
    with container.scope():
        assert service.clock.get() is not first


async def test_handles_await_async_factories() -> None:
    async def clock() -> Clock:
        return Clock()

    container = container_of(Service, LazyService)
    add_factory(container, clock, Clock, scope=Scope.TRANSIENT)
    provider, handle = container.resolve(Service).clock, container.resolve(LazyService).clock
    assert await provider.aget() is not await provider.aget()
    assert await handle.aget() is await handle.aget() is handle.get()
