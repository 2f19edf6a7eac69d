"""Beans that see every other bean while it is created."""

from typing import Annotated, Any

from pyfly.container import Autowired, Qualifier, Scope, bean, component, configuration, order
from pyfly.context import BeanPostProcessor, post_construct
from pyfly.core.config import Config
from tests.context.support import context_of


class Clock:
    @post_construct
    def start(self) -> None:
        LOG.append("post_construct")


class Wrapped(Clock):
    """Replaces a clock."""

    def __init__(self, inner: Clock) -> None:
        self.inner = inner


class Service:
    field: Clock = Autowired()

    def __init__(self, clock: Clock) -> None:
        self.clock = clock


LOG: list[str] = []


@component
class Wrapping:
    """Joins by its methods alone."""

    def before_init(self, bean: Any, bean_name: str) -> Any:
        LOG.append(f"before {bean_name}")
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        LOG.append(f"after {bean_name}")
        return Wrapped(bean) if type(bean) is Clock else bean


async def test_what_replaces_a_bean_is_what_dependants_receive_whatever_the_order() -> None:
    for classes in ((Wrapping, Clock, Service), (Service, Clock, Wrapping)):
        async with context_of(*classes) as context:
            service = context.get_bean(Service)
            assert isinstance(service.clock, Wrapped)
            assert service.clock is service.field is context.get_bean(Clock)


async def test_hooks_run_between_the_two_calls_and_every_bean_is_seen() -> None:
    LOG.clear()
    async with context_of(Wrapping, Clock):
        assert LOG[LOG.index("before Clock") :][:3] == ["before Clock", "post_construct", "after Clock"]
        assert "before Config" in LOG
        assert not any("Wrapping" in line for line in LOG)


async def test_short_lived_lazy_and_factory_made_beans_are_seen() -> None:
    @configuration
    class Clocks:
        @bean(scope=Scope.TRANSIENT)
        def transient(self) -> Clock:
            return Clock()

        @bean(lazy=True)
        def later(self) -> Clock:
            return Clock()

    async with context_of(Wrapping, Clocks) as context:
        for name in ("transient", "later"):
            assert isinstance(context.get_bean_by_name(name), Wrapped)


async def test_processors_are_called_by_order_registered_ones_among_them() -> None:
    calls: list[str] = []

    class Recording:
        def before_init(self, bean: Any, bean_name: str) -> Any:
            if bean_name == "Service":
                calls.append(type(self).__name__)
            return bean

        def after_init(self, bean: Any, bean_name: str) -> Any:
            return bean

    first, second, third = (type(name, (Recording,), {}) for name in ("First", "Second", "Third"))
    context = context_of(Service, Clock, order(3)(third), order(1)(first))
    context.register_post_processor(order(2)(second)())
    async with context:
        assert calls == ["First", "Second", "Third"]


async def test_a_processor_may_have_dependencies_which_it_does_not_see() -> None:
    seen: list[str] = []

    class Needs:
        def __init__(self, config: Config, clock: Clock) -> None: ...

        def before_init(self, bean: Any, bean_name: str) -> Any:
            seen.append(bean_name)
            return bean

        def after_init(self, bean: Any, bean_name: str) -> Any:
            return bean

    async with context_of(Needs, Clock, Service) as context:
        assert "Clock" not in seen
        assert "Service" in seen
        assert isinstance(context.get_bean(Needs), BeanPostProcessor)


async def test_a_processor_that_registers_a_bean_does_not_break_the_start() -> None:
    @component
    class Adding:
        def __init__(self) -> None:
            self.added = False

        def before_init(self, bean: Any, bean_name: str) -> Any:
            if not self.added and bean_name == "Service":
                self.added = True
                context.container.register(type("Late", (), {}))
            return bean

        def after_init(self, bean: Any, bean_name: str) -> Any:
            return bean

    context = context_of(Adding, Clock, Service)
    async with context:
        assert context.contains_bean("Late")


async def test_a_processor_that_its_factory_decided_not_to_make_is_no_processor() -> None:
    @configuration
    class Beans:
        @bean
        def none(self) -> BeanPostProcessor | None:
            return None

        @bean
        def one(self) -> BeanPostProcessor:
            return Wrapping()

        @bean
        def again(self, one: Annotated[BeanPostProcessor, Qualifier("one")]) -> BeanPostProcessor:
            return one

    LOG.clear()
    async with context_of(Beans, Clock):
        assert LOG.count("before Clock") == 1
