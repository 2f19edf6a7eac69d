"""Beans with a lifecycle are started once, in order, and stopped in reverse."""

import asyncio
import logging
from typing import Annotated, Any

import pytest

from pyfly.container import (
    BeanCreationException,
    MethodInterceptor,
    MethodTarget,
    Provider,
    Qualifier,
    bean,
    component,
    configuration,
)
from pyfly.context import (
    BeanFailure,
    adapter,
    auto_configuration,
    conditional_on_property,
    post_construct,
    pre_destroy,
)
from tests.context.support import context_of

LOG: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    LOG.clear()


class Service:
    """Notes when it is started and stopped."""

    phase = 0

    async def start(self) -> None:
        LOG.append(f"start {type(self).__name__}")

    async def stop(self) -> None:
        LOG.append(f"stop {type(self).__name__}")


def named(name: str, **body: Any) -> type:
    return type(name, (Service,), body)


async def test_components_are_started_by_phase_then_in_dependency_order_and_stopped_in_reverse() -> None:
    class Base(Service): ...

    class Dependant(Service):
        def __init__(self, base: Base) -> None: ...

    async with context_of(named("Late", phase=5), Dependant, Base, named("Early", phase=-5)) as context:
        assert LOG == ["start Early", "start Base", "start Dependant", "start Late"]
        assert context.has_work
        LOG.clear()
    assert LOG == ["stop Late", "stop Dependant", "stop Base", "stop Early"]


async def test_a_bean_known_by_several_types_is_started_once() -> None:
    class Port: ...

    class Impl(Service, Port): ...

    @configuration
    class Beans:
        @bean
        def impl(self) -> Impl:
            return Impl()

        @bean
        def port(self, impl: Impl) -> Port:
            return impl

    async with context_of(Beans):
        assert LOG == ["start Impl"]
    assert LOG == ["start Impl", "stop Impl"]


async def test_what_only_looks_like_a_lifecycle_is_left_alone() -> None:
    class Clock:
        def start(self) -> None:
            raise AssertionError("not async")

        def stop(self) -> None:
            raise AssertionError("not async")

    class Race:
        async def start(self, lane: int) -> None:
            raise AssertionError("it needs an argument")

        async def stop(self) -> None:
            raise AssertionError("it needs an argument")

    class OneWay:
        async def start(self) -> None:
            raise AssertionError("it cannot be stopped")

    async with context_of(Clock, Race, OneWay) as context:
        assert not context.has_work


async def test_hooks_of_dependants_run_while_what_they_need_is_still_started() -> None:
    class Pool(Service): ...

    class Repository:
        def __init__(self, pool: Pool) -> None: ...

        @pre_destroy
        def flush(self) -> None:
            LOG.append("flush")

    async with context_of(Repository, Pool):
        LOG.clear()
    assert LOG == ["flush", "stop Pool"]


async def test_a_dependency_through_a_provider_counts_at_the_stop_as_well() -> None:
    class Pool(Service): ...

    class Repository:
        def __init__(self, pool: Provider[Pool]) -> None: ...

        @pre_destroy
        def flush(self) -> None:
            LOG.append("flush")

    async with context_of(Repository, Pool):
        LOG.clear()
    assert LOG == ["flush", "stop Pool"]


# Infrastructure


class Broker(Service): ...


class Database(Service):
    failure: Exception | None = None

    async def start(self) -> None:
        if self.failure is not None:
            raise self.failure
        await super().start()


@auto_configuration
@adapter("data", "postgres")
@conditional_on_property("test.infrastructure")
class Infrastructure:
    @bean
    @adapter("messaging", "kafka")
    def broker(self) -> Broker:
        return Broker()

    @bean
    def database(self, broker: Broker) -> Database:
        return Database()


class User(Service):
    def __init__(self) -> None:
        LOG.append("User()")


SETTINGS = {"test.infrastructure": True}


async def test_infrastructure_is_started_before_ordinary_beans_are_made_and_stopped_last() -> None:
    async with context_of(User, Infrastructure, settings=SETTINGS) as context:
        assert LOG == ["start Broker", "start Database", "User()", "start User"]
        assert context.providers == {"messaging": "kafka", "data": "postgres"}
        LOG.clear()
    assert LOG == ["stop User", "stop Database", "stop Broker"]


async def test_an_adapter_that_fails_names_subsystem_and_provider_and_stops_what_was_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failure = ConnectionRefusedError("port 5432")
    monkeypatch.setattr(Database, "failure", failure)
    with pytest.raises(BeanCreationException) as raised:
        await context_of(User, Infrastructure, settings=SETTINGS).start()
    error = raised.value
    assert (error.subsystem, error.provider, error.reason) == ("data", "postgres", "port 5432")
    assert error.__cause__ is failure
    assert LOG == ["start Broker", "stop Broker"]


async def test_a_failure_that_already_says_what_it_is_arrives_unchanged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failure = BeanCreationException("cache", "redis", "no")
    monkeypatch.setattr(Database, "failure", failure)
    with pytest.raises(BeanCreationException) as raised:
        await context_of(Infrastructure, settings=SETTINGS).start()
    assert raised.value is failure


# Failures


async def test_a_failing_start_stops_the_others_and_runs_hooks_of_everything_that_was_made() -> None:
    class Failing(Service):
        phase = 1

        async def start(self) -> None:
            raise OSError("no")

    class Hooked:
        @pre_destroy
        def close(self) -> None:
            LOG.append("close")

    context = context_of(Failing, named("Good"), Hooked)
    with pytest.raises(BeanFailure, match="bean 'Failing' could not be started: no"):
        await context.start()
    assert LOG == ["start Good", "stop Good", "close"]
    await context.stop()
    assert LOG == ["start Good", "stop Good", "close"]


async def test_the_bean_that_failed_is_named_and_who_needed_it() -> None:
    class Broken:
        @post_construct
        async def connect(self) -> None:
            raise OSError("no route")

    class Middle:
        def __init__(self, broken: Broken) -> None: ...

    @component
    class Top:
        def __init__(self, middle: Middle) -> None: ...

    with pytest.raises(BeanFailure, match="bean 'Broken' could not be created: no route") as raised:
        await context_of(Top, Middle, Broken).start()
    assert raised.value.needed_by == "Middle"


async def test_a_start_that_hangs_is_given_up_with_advice() -> None:
    class Hanging(Service):
        async def start(self) -> None:
            await asyncio.Event().wait()

    with pytest.raises(BeanFailure, match=r"did not start within 0.05 s") as raised:
        await context_of(Hanging, settings={"pyfly.context.start-timeout": "50ms"}).start()
    assert raised.value.diagnosis.fix == (
        "Raise pyfly.context.start-timeout, or find out what it waits for.",
    )


async def test_a_cancelled_start_is_undone_and_stays_cancelled() -> None:
    waiting = asyncio.Event()

    class Hanging(Service):
        phase = 1

        async def start(self) -> None:
            waiting.set()
            await asyncio.Event().wait()

    context = context_of(Hanging, named("Good"))
    task = asyncio.ensure_future(context.start())
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert LOG == ["start Good", "stop Good"]


async def test_a_stop_that_fails_or_hangs_is_logged_and_costs_no_other_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(self: object) -> None:
        raise OSError("stuck valve")

    async def hang(self: object) -> None:
        await asyncio.Event().wait()

    classes = [named("First"), named("Failing", stop=fail), named("Hanging", stop=hang), named("Last")]
    context = context_of(*classes, settings={"pyfly.context.stop-timeout": "50ms"})
    await context.start()
    LOG.clear()
    with caplog.at_level(logging.ERROR, "pyfly.context"):
        await context.stop()
    assert LOG == ["stop Last", "stop First"]
    assert "Bean 'Failing' could not be stopped." in caplog.text
    assert "stuck valve" in caplog.text
    assert "'Hanging' was not stopped within 0.05 s" in caplog.text


async def test_interceptors_wrap_every_bean_wherever_they_are_registered() -> None:
    class Loud(MethodInterceptor):
        order = 1

        def intercept(self, target: MethodTarget) -> Any:
            if target.name != "price":
                return None
            return lambda call: lambda this, *args: call(this, *args) + 1

    class Orders:
        def price(self) -> int:
            return 1

    class Base:
        def price(self) -> int:
            return 10

    @configuration
    class Beans:
        @bean
        def base(self) -> Base:
            return Base()

        @bean
        def alias(self, base: Annotated[Base, Qualifier("base")]) -> Base:
            return base

    for classes in ((Loud, Orders, Beans), (Beans, Orders, Loud)):
        context = context_of(*classes)
        async with context:
            assert context.get_bean(Orders).price() == 2
            assert context.get_bean_by_name("base").price() == 11
            assert context.get_bean_by_name("alias") is context.get_bean_by_name("base")


# Ready-made instances


class Impatient:
    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure

    @post_construct
    async def prepare(self) -> None:
        if self.failure is not None:
            raise self.failure
        await asyncio.Event().wait()


async def test_a_hook_of_an_instance_that_fails_names_the_bean() -> None:
    context = context_of()
    context.container.register_instance(Impatient(OSError("no disk")))
    with pytest.raises(BeanFailure, match="bean 'Impatient' could not be initialised: no disk"):
        await context.start()


async def test_a_hook_of_an_instance_has_as_much_time_as_any_bean() -> None:
    context = context_of(settings={"pyfly.context.start-timeout": "20ms"})
    context.container.register_instance(Impatient())
    with pytest.raises(BeanFailure, match=r"'Impatient' .* it was not initialised within 0.02 s"):
        await context.start()
