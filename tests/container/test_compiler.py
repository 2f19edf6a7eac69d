"""Factories of transient and scoped beans are compiled once and then only run."""

import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest

from pyfly.container import (
    AsyncBeanError,
    Autowired,
    BeanDefinition,
    Container,
    Lazy,
    NoSuchBeanError,
    Problem,
    Provider,
    Scope,
    ScopeMismatchError,
    Value,
    component,
)
from tests.container.support import add_factory, container_of


class Shared: ...


class Part:
    def __init__(self, shared: Shared) -> None:
        self.shared = shared


class Machine:
    def __init__(self, one: Part, two: Part, *, three: Part) -> None:
        self.parts = (one, two, three)


def test_a_transient_graph_shares_singletons_and_nothing_else() -> None:
    container = container_of(Part, Machine, scope=Scope.TRANSIENT)
    container.register(Shared)
    one, two = container.resolve(Machine), container.resolve(Machine)
    assert len({id(part) for part in (*one.parts, *two.parts)}) == 6
    assert {id(part.shared) for part in (*one.parts, *two.parts)} == {id(container.resolve(Shared))}


def test_a_request_graph_has_one_bean_of_each_kind() -> None:
    container = container_of(Part, Machine, scope=Scope.REQUEST)
    container.register(Shared)
    with container.scope():
        machine = container.resolve(Machine)
        assert len({id(part) for part in machine.parts}) == 1
        assert container.resolve(Part) is machine.parts[0]
    with container.scope():
        assert container.resolve(Machine) is not machine


def test_annotations_are_read_once_for_each_class_not_for_each_bean() -> None:
    class Fresh:
        shared: Shared = Autowired()

        def __init__(self, again: Shared) -> None:
            self.again = again

    container = container_of(Shared)
    container.register(Fresh, scope=Scope.TRANSIENT)
    container.resolve(Fresh)
    Fresh.__init__.__annotations__.clear()
    Fresh.__annotations__.clear()
    fresh = container.resolve(Fresh)
    assert fresh.shared is fresh.again is container.resolve(Shared)


def test_a_transient_factory_is_called_each_time_not_its_type() -> None:
    made = []

    def part(shared: Shared) -> Part:
        made.append(shared)
        return Part(shared)

    container = container_of(Shared)
    add_factory(container, part, Part, scope=Scope.TRANSIENT)
    assert container.resolve(Part) is not container.resolve(Part)
    assert made == [container.resolve(Shared)] * 2


def test_constructors_run_after_those_of_what_they_need() -> None:
    log: list[str] = []

    class First:
        def __init__(self) -> None:
            log.append("first")

    class Second:
        def __init__(self, first: First) -> None:
            log.append("second")

    container = container_of(First, Second, scope=Scope.TRANSIENT)
    container.resolve(Second)
    assert log == ["first", "second"]


class Holder:
    part: Part = Autowired()
    lazy: Lazy[Shared] = Autowired()

    def __init__(self, provider: Provider[Part]) -> None:
        self.provider = provider


@pytest.mark.parametrize("scope", [Scope.TRANSIENT, Scope.REQUEST], ids=str)
def test_handles_and_fields_are_delivered_to_short_lived_beans(scope: Scope) -> None:
    container = container_of(Shared)
    container.register(Part, scope=Scope.TRANSIENT)
    container.register(Holder, scope=scope)
    with container.scope():
        holder = container.resolve(Holder)
    assert holder.part is not holder.provider.get()
    assert holder.lazy.get() is container.resolve(Shared)


def test_a_value_is_evaluated_for_each_new_bean() -> None:
    class Sized:
        def __init__(self, size: Annotated[int, Value("${size}")]) -> None:
            self.size = size

    container = container_of(Sized, scope=Scope.TRANSIENT)
    sizes = iter((1, 2))
    container.assembly.delivery.values = lambda expression, wanted: next(sizes)
    assert [container.resolve(Sized).size for _ in range(2)] == [1, 2]


def test_collections_of_short_lived_beans_are_new_each_time() -> None:
    class Crowd:
        def __init__(self, parts: list[Part], named: dict[str, Part], nobody: set[Holder]) -> None:
            self.parts, self.named, self.nobody = parts, named, nobody

    container = container_of(Part, Crowd, scope=Scope.TRANSIENT)
    container.register(Shared)
    container.register(Part, name="other", scope=Scope.TRANSIENT)
    one, two = container.resolve(Crowd), container.resolve(Crowd)
    assert list(one.named) == ["Part", "other"]
    assert one.parts is not two.parts
    assert not {*map(id, one.parts)} & {*map(id, two.parts)}
    assert one.nobody == set()


@component(scope=Scope.REQUEST, proxy=True)
class User:
    def __init__(self) -> None:
        self.name = "nobody"


def test_a_proxied_member_of_a_collection_is_looked_up_at_each_use() -> None:
    class Crowd:
        def __init__(self, users: list[User], named: dict[str, User]) -> None:
            self.users, self.named = users, named

    container = container_of(User)
    container.register(Crowd)
    container.register(type("Fresh", (Crowd,), {}), scope=Scope.TRANSIENT)
    for crowd in (container.resolve_by_name("Crowd"), container.resolve_by_name("Fresh")):
        for name in ("ann", "bob"):
            with container.scope() as scope:
                scope.resolve(User).name = name
                assert (crowd.users[0].name, crowd.named["User"].name) == (name, name)


def test_a_transient_that_needs_a_request_bean_needs_a_request() -> None:
    container = container_of(Shared)
    container.register(Part, scope=Scope.REQUEST)
    container.register(Machine, scope=Scope.TRANSIENT)
    with pytest.raises(ScopeMismatchError, match="no request is active"):
        container.resolve(Machine)
    with container.scope():
        one, two = container.resolve(Machine), container.resolve(Machine)
    assert one is not two
    assert one.parts == two.parts


def test_a_transient_that_returned_none_is_refused_where_a_bean_is_needed() -> None:
    class Needs:
        def __init__(self, shared: Shared) -> None: ...

    class Accepts:
        def __init__(self, shared: Shared | None) -> None:
            self.shared = shared

    container = container_of(Needs, Accepts, scope=Scope.TRANSIENT)
    add_factory(container, lambda: None, Shared, name="shared", scope=Scope.TRANSIENT, nullable=True)
    assert container.resolve(Accepts).shared is None
    with pytest.raises(NoSuchBeanError, match=r"factory 'shared' .* returned None"):
        container.resolve(Needs)


def test_a_failure_shows_the_generated_line_in_its_traceback() -> None:
    class Failing:
        def __init__(self) -> None:
            raise ValueError("no")

    container = container_of(Failing, scope=Scope.TRANSIENT)
    with pytest.raises(ValueError, match="no") as raised:
        container.resolve(Failing)
    assert "return Failing_" in "".join(traceback.format_exception(raised.value))


# Making that awaits


async def async_part(shared: Shared) -> Part:
    return Part(shared)


@pytest.mark.parametrize("scope", [Scope.TRANSIENT, Scope.REQUEST], ids=str)
async def test_what_awaits_is_made_by_async_resolution_only(scope: Scope) -> None:
    container = container_of(Shared)
    add_factory(container, async_part, Part, scope=scope)
    container.register(Machine, scope=scope)
    async with container.ascope():
        machine = await container.aresolve(Machine)
        assert len({id(part) for part in machine.parts}) == (1 if scope is Scope.REQUEST else 3)
        if scope is Scope.TRANSIENT:
            with pytest.raises(AsyncBeanError, match="its creation awaits"):
                container.resolve(Machine)


async def test_a_request_bean_that_was_made_asynchronously_can_be_had_synchronously() -> None:
    container = container_of(Shared)
    add_factory(container, async_part, Part, scope=Scope.REQUEST)
    async with container.ascope() as scope:
        with pytest.raises(AsyncBeanError):
            container.resolve(Part)
        part = await scope.aresolve(Part)
        assert container.resolve(Part) is part


def sync_generator(shared: Shared) -> Iterator[Part]:
    yield Part(shared)


async def async_generator(shared: Shared) -> AsyncIterator[Part]:
    yield Part(shared)


@pytest.mark.parametrize("factory", [sync_generator, async_generator])
@pytest.mark.parametrize("scope", [Scope.TRANSIENT, Scope.SESSION, "tenant"], ids=str)
def test_a_generator_whose_end_nobody_would_run_is_refused(factory: Any, scope: Any) -> None:
    container = container_of(Shared)
    add_factory(container, factory, Part, scope=scope)
    with pytest.raises(Problem, match="nobody would run what follows its yield"):
        container.resolve(Part)


def empty_generator() -> Iterator[Part]:
    yield from ()


async def empty_async_generator() -> AsyncIterator[Part]:
    parts: tuple[Part, ...] = ()
    for part in parts:
        yield part


@pytest.mark.parametrize("factory", [empty_generator, empty_async_generator])
async def test_a_generator_that_yields_nothing_is_explained(factory: Any) -> None:
    container = Container()
    add_factory(container, factory, Part, scope=Scope.REQUEST)
    async with container.ascope() as scope:
        with pytest.raises(Problem, match="is a generator that yielded nothing") as raised:
            await scope.aresolve(Part)
    assert raised.value.diagnosis.fix == ("Let it yield the bean, once.",)


def test_a_generator_that_yields_nothing_is_explained_synchronously_too() -> None:
    container = Container()
    add_factory(container, empty_generator, Part, scope=Scope.REQUEST)
    with container.scope(), pytest.raises(Problem, match="is a generator that yielded nothing"):
        container.resolve(Part)


class Kept:
    """A scope handler that keeps nothing."""

    def get(self, key: str, create: Any) -> Any:
        return create()

    async def close(self) -> None: ...


def test_an_async_factory_for_a_handler_that_does_not_await_is_refused() -> None:
    container = container_of(Shared)
    container.register_scope("tenant", Kept())
    add_factory(container, async_part, Part, scope="tenant")
    with pytest.raises(Problem, match="is async, and the handler of scope tenant does not await"):
        container.resolve(Part)


async def test_a_bean_of_a_handler_that_needs_something_async_is_a_clear_error() -> None:
    container = container_of(Shared)
    container.register_scope("tenant", Kept())
    add_factory(container, async_part, Part, scope=Scope.TRANSIENT)
    container.add(BeanDefinition(Machine, name="machine", scope="tenant"))
    with pytest.raises(AsyncBeanError, match=r"machine .* cannot be created here: its creation awaits"):
        await container.aresolve(Machine)


def test_compiled_factories_follow_later_registrations() -> None:
    class Base: ...

    class Crowd:
        def __init__(self, all_: list[Base]) -> None:
            self.all = all_

    container = Container()
    container.register(Crowd, scope=Scope.TRANSIENT)
    assert container.resolve(Crowd).all == []
    container.register(type("Late", (Base,), {}))
    assert len(container.resolve(Crowd).all) == 1
