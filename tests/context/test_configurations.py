"""``@configuration`` classes and the beans of their methods."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Generic, Optional, Protocol, TypeVar

import pytest

from pyfly.container import (
    BeanGraphError,
    NoSuchBeanError,
    Qualifier,
    Scope,
    bean,
    component,
    configuration,
    order,
    primary,
)
from pyfly.context import ApplicationContext, conditional_on_missing_bean, conditional_on_property
from tests.context.support import context_of

T = TypeVar("T")


class Clock: ...


class Utc(Clock): ...


class Repository(Generic[T]): ...


class Port(Protocol):
    def run(self) -> str: ...


class Impl(Port):
    def run(self) -> str:
        return "run"


async def test_results_are_beans_of_the_annotated_type_and_of_its_bases() -> None:
    @configuration
    class Beans:
        @bean
        def utc(self) -> Utc:
            return Utc()

        @bean(name="appName")
        def name(self) -> str:
            return "shop"

        @bean
        def size(self) -> int:
            return 5

        @bean
        def port(self) -> Port:
            return Impl()

    async with context_of(Beans) as context:
        assert context.get_bean(Clock) is context.get_bean(Utc) is context.get_bean_by_name("utc")
        assert context.get_bean(str) == context.get_bean_by_name("appName") == "shop"
        assert context.get_bean(int) == 5
        assert context.get_bean(Port).run() == "run"  # type: ignore[type-abstract]


async def test_parameters_are_injected_whatever_the_order_of_the_methods() -> None:
    @configuration
    class Beans:
        @bean
        def all_names(
            self,
            names: list[str],
            first: Annotated[str, Qualifier("zeta")],
            missing: Optional[Clock],  # noqa: UP045
            size: int = 7,
        ) -> dict[str, Any]:
            return {"names": names, "first": first, "missing": missing, "size": size}

        @bean
        def zeta(self) -> str:
            return "z"

        @order(-1)
        @bean
        def alpha(self) -> str:
            return "a"

    async with context_of(Beans) as context:
        assert context.get_bean_by_name("all_names") == {
            "names": ["a", "z"], "first": "z", "missing": None, "size": 7,
        }  # fmt: skip


async def test_a_configuration_class_has_dependencies_of_its_own_and_one_instance() -> None:
    @configuration
    class Beans:
        def __init__(self, clock: Clock) -> None:
            self.clock = clock

        @bean
        def one(self) -> list[Clock]:
            return [self.clock]

        @bean
        def two(self) -> tuple[Clock, ...]:
            return (self.clock,)

    async with context_of(Beans, Clock) as context:
        clock = context.get_bean(Clock)
        assert context.get_bean_by_name("one") == [clock]
        assert context.get_bean_by_name("two") == (clock,)
        assert context.get_bean(Beans).clock is clock


async def test_every_kind_of_factory_works_and_generators_end_with_the_context() -> None:
    log: list[str] = []

    class Pool(Clock): ...

    class Cache(Clock): ...

    class Link(Clock): ...

    @configuration
    class Beans:
        @bean
        async def link(self, pool: Pool) -> Link:
            log.append("link")
            return Link()

        @bean
        def cache(self, link: Link) -> Iterator[Cache]:
            log.append("cache opened")
            yield Cache()
            log.append("cache closed")

        @bean
        async def pool(self) -> AsyncIterator[Pool]:
            log.append("pool opened")
            yield Pool()
            log.append("pool closed")

    async with context_of(Beans) as context:
        assert isinstance(context.get_bean(Cache), Cache)
        assert log == ["pool opened", "link", "cache opened"]
    assert log[3:] == ["cache closed", "pool closed"]


async def test_static_and_class_level_factories_are_found() -> None:
    @configuration
    class Beans:
        @staticmethod
        @bean(name="one")
        def static() -> Clock:
            return Clock()

        @bean(name="two")
        @staticmethod
        def static_too() -> Clock:
            return Clock()

    async with context_of(Beans) as context:
        assert context.get_bean_by_name("one") is not context.get_bean_by_name("two")


async def test_a_transient_factory_is_called_each_time() -> None:
    @configuration
    class Beans:
        @bean(scope=Scope.TRANSIENT)
        def clock(self) -> Clock:
            return Utc()

    async with context_of(Beans) as context:
        one, two = context.get_bean(Clock), context.get_bean(Clock)
        assert one is not two
        assert type(one) is type(two) is Utc


async def test_beans_of_one_type_survive_side_by_side() -> None:
    @configuration
    class Beans:
        @bean
        def one(self) -> Clock:
            return Clock()

        @primary
        @bean
        def two(self) -> Clock:
            return Clock()

    async with context_of(Beans) as context:
        one, two = context.get_bean_by_name("one"), context.get_bean_by_name("two")
        assert context.get_bean(Clock) is two is not one
        assert context.get_beans_of_type(Clock) == [one, two]


async def test_generic_results_are_found_by_their_alias() -> None:
    @configuration
    class Beans:
        @bean
        def clocks(self) -> Repository[Clock]:
            return Repository()

        @bean
        def names(self) -> Repository[str] | None:
            return Repository()

    class Service:
        def __init__(self, clocks: Repository[Clock], names: Repository[str]) -> None:
            self.given = (clocks, names)

    async with context_of(Beans, Service) as context:
        expected = (context.get_bean_by_name("clocks"), context.get_bean_by_name("names"))
        assert context.get_bean(Service).given == expected


async def test_a_factory_that_may_return_none_is_registered_under_the_real_class() -> None:
    calls: list[int] = []

    @configuration
    class Beans:
        @bean
        def clock(self) -> Clock | None:
            calls.append(1)
            return None

    class Accepts:
        def __init__(self, clock: Clock | None) -> None:
            self.clock = clock

    class Needs:
        def __init__(self, clock: Clock) -> None: ...

    async with context_of(Beans, Accepts) as context:
        assert context.get_bean(Accepts).clock is None
    assert calls == [1]
    with pytest.raises(NoSuchBeanError, match=r"Needs needs Clock .* factory 'clock' .* returned None"):
        await context_of(Beans, Needs).start()


@pytest.mark.parametrize("annotation", ["missing", None, Any], ids=str)
async def test_a_method_that_does_not_say_what_it_makes_fails_the_start(annotation: Any) -> None:
    @configuration
    class Beans:
        @bean
        def clock(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
            raise AssertionError("it must not be called")

    if annotation != "missing":
        Beans.clock.__annotations__["return"] = annotation
    with pytest.raises(BeanGraphError, match=r"@bean method .*Beans\.clock .* has no return annotation"):
        await context_of(Beans).start()


async def test_a_method_annotated_with_what_is_no_class_fails_the_start() -> None:
    @configuration
    class Beans:
        @bean
        def either(self) -> Clock | str:
            raise AssertionError("it must not be called")

    with pytest.raises(
        BeanGraphError, match=r"Beans\.either .* is annotated with Clock \| str, which is no class"
    ):
        await context_of(Beans).start()


def beans_with(profile: str = "", **said: Any) -> ApplicationContext:
    @configuration
    class Beans:
        @conditional_on_property("shop.utc")
        @bean(profile=profile, **said)
        def utc(self) -> Utc:
            return Utc()

        @bean
        @conditional_on_missing_bean(Clock)
        def default(self) -> Clock:
            return Clock()

    return context_of(Beans, settings={"shop.utc": True}, profiles=["dev"])


@pytest.mark.parametrize(
    ("profile", "condition", "kept"),
    [
        ("", lambda: True, Utc),
        ("dev & !prod", lambda: True, Utc),
        ("prod", lambda: True, Clock),
        ("", lambda: False, Clock),
    ],
)
async def test_methods_are_filtered_by_profile_and_conditions_like_classes(
    profile: str, condition: Any, kept: type
) -> None:
    async with beans_with(profile, condition=condition) as context:
        assert [type(each) for each in context.get_beans_of_type(Clock)] == [kept]


async def test_the_methods_of_a_configuration_that_is_left_out_contribute_nothing() -> None:
    @configuration
    @conditional_on_missing_bean(Clock)
    class Defaults:
        @bean
        def utc(self) -> Utc:
            return Utc()

        @staticmethod
        @bean
        def port() -> Port:
            return Impl()

    async with context_of(Defaults) as context:
        assert isinstance(context.get_bean(Clock), Utc)
        assert context.contains_bean("port")
    async with context_of(Defaults, component(Clock)) as context:
        assert type(context.get_bean(Clock)) is Clock
        assert not context.contains_bean("port")


async def test_a_missing_bean_names_the_method_whose_configuration_was_left_out() -> None:
    class Watch: ...  # no bean of the framework has a similar name

    @configuration(profile="prod")
    class Production:
        @bean
        def clock(self) -> Watch:
            return Watch()

    class Needs:
        def __init__(self, clock: Watch) -> None: ...

    with pytest.raises(BeanGraphError) as raised:
        await context_of(Production, Needs).start()
    (why,) = raised.value.problems[0].diagnosis.why
    assert "would make one but was left out: profile 'prod' is not active (active: none)." in why
