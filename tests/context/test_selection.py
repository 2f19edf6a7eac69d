"""Which definitions take part in an application."""

from typing import Protocol

import pytest

from pyfly.container import BeanGraphError, NoSuchBeanError, bean, component, configuration, order
from pyfly.context import (
    auto_configuration,
    conditional_on_bean,
    conditional_on_missing_bean,
    conditional_on_property,
    conditional_on_single_candidate,
    conditional_on_stereotype,
)
from pyfly.context.conditions import Pass, conditional
from pyfly.context.selection import in_order, qualified
from tests.context.support import context_of


class Cache: ...


class Redis(Cache): ...


class Port(Protocol):
    name: str

    def run(self) -> None: ...


async def test_two_implementations_each_of_one_profile_leave_one() -> None:
    @component(profile="prod")
    class Live(Cache): ...

    @component(profile="!prod")
    class Local(Cache): ...

    async with context_of(Live, Local, profiles=["dev"]) as context:
        assert [type(each) for each in context.get_beans_of_type(Cache)] == [Local]
        assert type(context.get_bean(Cache)) is Local
        with pytest.raises(NoSuchBeanError) as raised:
            context.get_bean(Live)
    assert "profile 'prod' is not active (active: dev)" in raised.value.diagnosis.why[0]


@pytest.mark.parametrize(
    ("expression", "remedy"),
    [
        ("prod", "Activate profile 'prod'."),
        ("eu-west", "Activate profile 'eu-west'."),
        ("prod & !dev", "Choose active profiles for which 'prod & !dev' holds."),
    ],
)
async def test_what_a_profile_leaves_out_is_kept_by_activating_it(expression: str, remedy: str) -> None:
    @component(profile=expression)
    class Live(Cache): ...

    assert await remedy_of(Live) == remedy


async def test_what_a_condition_leaves_out_is_kept_by_its_remedy() -> None:
    @conditional_on_property("cache.kind", "redis")
    class Live(Cache): ...

    assert await remedy_of(Live) == "Set cache.kind: redis."


async def test_a_condition_of_the_user_may_have_no_remedy_and_then_the_bean_is_named() -> None:
    class Never:
        runs_in = Pass.EARLY

        def check(self, facts: object) -> tuple[bool, str]:
            return (False, "never")

        def published(self) -> dict[str, object]:
            return {"type": "never"}

    @conditional(Never())  # type: ignore[arg-type]  # a plain pair, as before there were remedies
    class Live(Cache): ...

    assert (await remedy_of(Live)).startswith("Make the condition true that leaves out ")


async def test_what_an_absent_configuration_would_make_is_kept_by_the_remedy_of_the_configuration() -> None:
    @configuration
    @conditional_on_bean(Port)
    class Caches:
        @bean
        def cache(self) -> Cache:
            return Redis()

    assert await remedy_of(Caches) == "Register a bean of type Port."


async def remedy_of(*classes: type) -> str:
    """Return the first remedy for the missing cache of an application of *classes*."""

    class Needs:
        def __init__(self, cache: Cache) -> None: ...

    with pytest.raises(BeanGraphError) as raised:
        await context_of(*classes, Needs).start()
    return raised.value.problems[0].diagnosis.fix[0]


async def test_a_condition_given_at_the_registration_counts() -> None:
    context = context_of()
    context.container.register(Cache, condition=lambda: False)
    context.container.register(Redis, condition=lambda: True)
    async with context:
        assert [type(each) for each in context.get_beans_of_type(Cache)] == [Redis]


async def test_of_several_defaults_for_one_port_the_first_stays() -> None:
    @conditional_on_missing_bean(Cache)
    class First(Cache): ...

    @conditional_on_missing_bean(Cache)
    class Second(Cache): ...

    async with context_of(First, Second) as context:
        assert [type(each) for each in context.get_beans_of_type(Cache)] == [First]


async def test_a_default_for_a_protocol_gives_way_to_who_says_so_not_to_who_looks_alike() -> None:
    @conditional_on_missing_bean(Port)
    class Default(Port):
        name = "default"

        def run(self) -> None: ...

    class LookAlike:
        name = "look-alike"

        def run(self) -> None: ...

    class Mine(Port):
        name = "mine"

        def run(self) -> None: ...

    async with context_of(Default, LookAlike) as context:
        assert context.get_bean(Port).name == "default"  # type: ignore[type-abstract]
    async with context_of(Default, LookAlike, Mine) as context:
        assert context.get_bean(Port).name == "mine"  # type: ignore[type-abstract]
        assert not context.contains_bean("Default")


async def test_conditions_on_candidates_and_stereotypes_are_decided() -> None:
    @conditional_on_single_candidate(Cache)
    class Single: ...

    @conditional_on_stereotype("component")
    class WithComponent: ...

    @component
    class Marked: ...

    async with context_of(Single, WithComponent, Redis) as context:
        assert context.contains_bean("Single")
        assert not context.contains_bean("WithComponent")
    async with context_of(
        Single, WithComponent, Redis, Cache, type("Other", (Cache,), {}), Marked
    ) as context:
        assert context.contains_bean("Single"), "the exact type would be injected"
        assert context.contains_bean("WithComponent")
    async with context_of(Single, Redis, type("Other", (Cache,), {})) as context:
        assert not context.contains_bean("Single")


async def test_beans_with_conditions_keep_their_place_among_the_others() -> None:
    made: list[str] = []

    class Recording:
        def __init__(self) -> None:
            made.append(type(self).__name__)

    @conditional_on_bean(Cache)
    class First(Recording): ...

    class Second(Recording): ...

    async with context_of(First, Second, Cache):
        assert made == ["First", "Second"]


async def test_every_decision_is_in_the_report() -> None:
    @component
    @conditional_on_property("shop.cache", "redis")
    class Target: ...

    async with context_of(Target, settings={"shop.cache": "memory"}) as context:
        assert ("Target", "OnProperty", False, "shop.cache is memory, not redis") in context.report.conditions
        assert "    Target: shop.cache is memory, not redis" in context.report.render_conditions()


# Auto-configuration


@auto_configuration
@conditional_on_property("test.defaults")
class Defaults:
    @bean
    @conditional_on_missing_bean(Cache)
    def cache(self) -> Cache:
        return Cache()


@auto_configuration(after=(Defaults,), order=1)
@conditional_on_property("test.defaults")
class AfterDefaults:
    @bean
    @conditional_on_bean(Cache)
    def needs_cache(self) -> str:
        return "there is a cache"


ON = {"test.defaults": True}


async def test_defaults_are_contributed_and_seen_by_those_that_come_after() -> None:
    async with context_of(AfterDefaults, Defaults, settings=ON) as context:
        assert type(context.get_bean(Cache)) is Cache
        assert context.get_bean(str) == "there is a cache"


@pytest.mark.parametrize("mine", [Redis, Cache])
async def test_a_bean_of_the_user_replaces_a_default_even_with_the_very_same_type(mine: type[Cache]) -> None:
    async with context_of(Defaults, mine, settings=ON) as context:
        assert [type(each) for each in context.get_beans_of_type(Cache)] == [mine]


async def test_a_default_class_that_is_not_needed_is_left_out_itself() -> None:
    @auto_configuration
    @conditional_on_missing_bean(Cache)
    class Whole:
        @bean
        def cache(self) -> Cache:
            return Cache()

    async with context_of(Whole, Redis) as context:
        assert not context.contains_bean("Whole")
        assert type(context.get_bean(Cache)) is Redis


async def test_a_default_is_not_kept_by_its_own_method() -> None:
    @auto_configuration
    @conditional_on_bean(Cache)
    class Circular:
        @bean
        def cache(self) -> Cache:
            return Cache()

    async with context_of(Circular) as context:
        assert not context.contains_bean("cache")


async def test_auto_configurations_come_in_the_order_they_demand() -> None:
    @auto_configuration(order=3)
    class C: ...

    @auto_configuration(order=1, after=("tests.context.test_selection.D",))
    class A: ...

    @order(2)
    @auto_configuration(before=(C,))
    class B: ...

    assert [each.__name__ for each in in_order([C, A, D, B])] == ["D", "A", "B", "C"]


@auto_configuration(order=9)
class D: ...


def test_a_reference_to_what_is_not_there_is_ignored() -> None:
    @auto_configuration(after=("gone.Missing",), before=("gone.Other",))
    class E: ...

    assert in_order([E]) == [E]


def test_auto_configurations_that_come_before_each_other_are_refused_with_the_ring() -> None:
    @auto_configuration(after=("y.Y",))
    class X: ...

    @auto_configuration
    class Y: ...

    X.__module__, X.__qualname__, Y.__module__, Y.__qualname__ = "x", "X", "y", "Y"
    again = auto_configuration(after=(X,))(Y)
    assert qualified(again) == "y.Y"
    with pytest.raises(ValueError, match=r"x\.X -> y\.Y -> x\.X"):
        in_order([X, again])


async def test_a_condition_that_raises_is_reported_with_the_other_problems() -> None:
    def explode() -> bool:
        raise OSError("cannot say")

    class Needs:
        def __init__(self, size: int) -> None: ...

    with pytest.raises(BeanGraphError) as raised:
        await context_of(component(condition=explode)(Cache), Needs).start()
    assert len(raised.value.problems) == 2
    assert "cannot say" in raised.value.problems[0].diagnosis.why[0]
