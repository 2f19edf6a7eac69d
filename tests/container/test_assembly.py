"""How singletons are put together."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest

from pyfly.container import (
    AsyncBeanError,
    BeanCreationException,
    Container,
    NoSuchBeanError,
    Problem,
    Scope,
    Value,
    component,
)
from tests.container.support import add_factory, container_of


class Clock: ...


class Service:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock


def test_dependencies_are_made_first_in_the_order_in_which_they_are_written() -> None:
    log: list[str] = []

    def step(name: str) -> Any:
        def make() -> object:
            log.append(name)
            return object()

        return make

    class One: ...

    class Two: ...

    class Needs:
        def __init__(self, two: Two, one: One) -> None:
            log.append("needs")

    container = container_of(Needs)
    add_factory(container, step("one"), One, name="one")
    add_factory(container, step("two"), Two, name="two")
    container.resolve(Needs)
    assert log == ["two", "one", "needs"]


def test_depends_on_is_made_before() -> None:
    log: list[str] = []

    @component(depends_on=["Late"])
    class Early:
        def __init__(self) -> None:
            log.append("early")

    class Late:
        def __init__(self) -> None:
            log.append("late")

    container_of(Early, Late).resolve(Early)
    assert log == ["late", "early"]


def test_a_long_chain_of_beans_needs_no_deep_stack() -> None:
    container = Container()
    previous: type | None = None
    for number in range(2000):
        body = {}
        if previous is not None:

            def init(self: Any, before: Any) -> None: ...

            init.__annotations__ = {"before": previous}
            body = {"__init__": init}
        previous = type(f"Link{number}", (), body)
        container.register(previous)
    assert previous is not None
    assert container.resolve(previous).__class__ is previous


# Factories


async def async_clock() -> Clock:
    return Clock()


async def test_an_async_singleton_is_made_once_and_can_then_be_had_synchronously() -> None:
    container = container_of(Service)
    add_factory(container, async_clock, Clock)
    with pytest.raises(AsyncBeanError, match=r"Service .* cannot be created here: its creation awaits"):
        container.resolve(Service)
    service = await container.aresolve(Service)
    assert container.resolve(Service) is service
    assert container.resolve(Clock) is service.clock


def recording(log: list[str]) -> tuple[Any, Any]:
    def sync() -> Iterator[Clock]:
        log.append("open")
        try:
            yield Clock()
        except OSError as error:
            log.append(f"failed: {error}")
            raise
        log.append("close")

    async def asynchronous() -> AsyncIterator[Clock]:
        for each in sync():
            yield each

    return sync, asynchronous


def test_what_follows_the_yield_runs_when_the_container_is_closed() -> None:
    log: list[str] = []
    container = Container()
    add_factory(container, recording(log)[0], Clock)
    container.resolve(Clock)
    assert log == ["open"]
    container.close()
    assert log == ["open", "close"]


async def test_what_follows_the_yield_of_an_async_generator_runs_too() -> None:
    log: list[str] = []
    container = Container()
    add_factory(container, recording(log)[1], Clock)
    await container.aresolve(Clock)
    await container.aclose()
    assert log == ["open", "close"]


def test_singletons_are_destroyed_after_those_that_need_them() -> None:
    log: list[str] = []

    def inner() -> Iterator[Clock]:
        yield Clock()
        log.append("clock")

    def outer(clock: Clock) -> Iterator[Service]:
        yield Service(clock)
        log.append("service")

    container = Container()
    add_factory(container, outer, Service)
    add_factory(container, inner, Clock)
    container.resolve(Service)
    container.close()
    assert log == ["service", "clock"]


@pytest.mark.parametrize("which", [0, 1], ids=["sync", "async"])
async def test_a_generator_that_yields_nothing_is_an_error_that_says_so(which: int) -> None:
    def nothing() -> Iterator[Clock]:
        yield from ()

    async def nothing_async() -> AsyncIterator[Clock]:
        no_clocks: list[Clock] = []
        for each in no_clocks:
            yield each

    container = Container()
    add_factory(container, (nothing, nothing_async)[which], Clock)
    with pytest.raises(BeanCreationException, match="yield"):
        await container.aresolve(Clock)


def test_a_generator_that_yields_twice_is_an_error_when_it_ends() -> None:
    def twice() -> Iterator[Clock]:
        yield Clock()
        yield Clock()

    container = Container()
    add_factory(container, twice, Clock)
    container.resolve(Clock)
    with pytest.raises(RuntimeError, match="more than once"):
        container.close()


def test_none_reaches_only_points_that_accept_it_and_the_factory_is_called_once() -> None:
    calls: list[int] = []

    def nothing() -> Clock | None:
        calls.append(1)
        return None

    class Accepts:
        def __init__(self, clock: Clock | None) -> None:
            self.clock = clock

    container = container_of(Service, Accepts)
    add_factory(container, nothing, Clock, nullable=True)
    assert container.resolve(Accepts).clock is None
    for _ in range(2):
        with pytest.raises(
            NoSuchBeanError, match=r"Service needs Clock .* factory 'nothing' \(.*\) returned None"
        ):
            container.resolve(Service)
    assert calls == [1]


def test_a_transient_dependency_of_two_singletons_is_made_for_each() -> None:
    container = container_of(Service)
    container.register(type("Other", (Service,), {}))
    container.register(Clock, scope=Scope.TRANSIENT)
    assert container.resolve_by_name("Service").clock is not container.resolve_by_name("Other").clock


async def test_an_async_transient_dependency_of_a_singleton_is_awaited() -> None:
    container = container_of(Service)
    add_factory(container, async_clock, Clock, scope=Scope.TRANSIENT)
    assert isinstance((await container.aresolve(Service)).clock, Clock)


# Values


class Sized:
    def __init__(self, size: Annotated[int, Value("${size}")]) -> None:
        self.size = size


def test_a_value_is_asked_with_its_expression_and_type() -> None:
    container = container_of(Sized)
    container.assembly.delivery.values = lambda expression, wanted: (expression, wanted)
    size: object = container.resolve(Sized).size
    assert size == ("${size}", int)


def test_a_container_without_configuration_says_that_it_has_no_values() -> None:
    with pytest.raises(Problem, match=r"takes the value '\$\{size\}' .* this container has no configuration"):
        container_of(Sized).resolve(Sized)
