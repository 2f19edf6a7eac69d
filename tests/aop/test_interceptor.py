"""How the aspects of a context find their methods; what applications see is in test_aop_application.py."""

from typing import Any, ClassVar

import pytest

from pyfly.aop import AspectRegistry, AspectReport, JoinPoint, after, around, aspect, before
from pyfly.container import (
    BeanCreationException,
    Provider,
    Scope,
    component,
    configuration,
    lazy,
    order,
    service,
)
from pyfly.container.bean import bean
from pyfly.context import ApplicationContext, post_construct
from pyfly.core.config import Config
from pyfly.kernel.diagnosis import explain


@aspect
class Seeing:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @before("*")
    def see(self, point: JoinPoint) -> None:
        self.seen.append(point.method_name)


async def started(*classes: type) -> ApplicationContext:
    context = ApplicationContext(Config({}))
    for cls in classes:
        context.register_bean(cls)
    await context.start()
    return context


@component
class Worker:
    @post_construct
    def ready(self) -> None: ...

    def work(self) -> None: ...


async def test_hooks_are_advised_although_the_aspect_is_made_later() -> None:
    async with await started(Worker, Seeing) as context:
        assert context.get_bean(Seeing).seen == ["ready"]


async def test_beans_of_the_framework_are_only_advised_by_pointcuts_that_name_it() -> None:
    @aspect
    class Naming:
        @before("within(pyfly.aop.registry.*) and **.get_matching")
        def refuse(self) -> None:
            raise PermissionError

    async with await started(AspectRegistry, Seeing, Naming) as context:
        registry = context.get_bean(AspectRegistry)
        assert registry.get_all_bindings() == []
        with pytest.raises(PermissionError):
            registry.get_matching("a.b")
        assert context.get_bean(Seeing).seen == []


class Numbered:
    lines: ClassVar[list[str]] = []


@aspect
class First(Numbered):
    @before("**.Worker.work")
    def see(self) -> None:
        self.lines.append("first")


@aspect
class Second(Numbered):
    @before("**.Worker.work")
    def see(self) -> None:
        self.lines.append("second")


@configuration
class Aspects:
    @bean
    @order(2)
    def second(self) -> Second:
        return Second()

    @bean
    @order(1)
    def first(self) -> First:
        return First()


async def test_an_aspect_made_by_a_factory_works_as_well_with_the_order_of_its_definition() -> None:
    Numbered.lines.clear()
    async with await started(Worker, Aspects) as context:
        context.get_bean(Worker).work()
    assert Numbered.lines == ["first", "second"]


async def test_lazy_and_short_lived_beans_count_as_meant_before_they_are_made() -> None:
    @lazy
    @component
    class Late:
        def run(self) -> None: ...

    @component(scope=Scope.REQUEST)
    class Brief:
        def run(self) -> None: ...

    @aspect
    class Watching:
        @after("bean(Late) or bean(Brief)")
        def see(self) -> None: ...

    async with await started(Late, Brief, Watching) as context:
        report = context.get_bean(AspectReport)
        assert (report.unused, report.methods) == ((), ())
        context.get_bean(Late)
        assert [each.bean for each in report.methods] == ["Late"]


async def test_what_a_factory_really_returns_is_advised_and_checked() -> None:
    class Port:
        pass

    class Implementation(Port):
        def run(self) -> None: ...

    @aspect
    class Late:
        @around("**.Implementation.run")
        async def about(self, point: JoinPoint) -> Any: ...

    @configuration
    class Ports:
        @bean
        def port(self) -> Port:
            return Implementation()

    Ports.port.__annotations__["return"] = Port
    with pytest.raises(BeanCreationException) as failure:
        await started(Late, Ports)
    said = explain(failure.value)
    assert said is not None
    assert "cannot advise" in said.what
    assert "Implementation.run" in said.what


async def test_an_aspect_may_need_what_it_advises() -> None:
    @service
    class Ledger:
        def __init__(self) -> None:
            self.lines = 0

        def add(self) -> None:
            self.lines += 1

    @aspect
    class Adding:
        def __init__(self, ledger: Provider[Any]) -> None:
            self.ledger = ledger

        @before("component.Worker.work")
        def add(self) -> None:
            self.ledger.get().add()

        @before("service.Ledger.add")
        def see(self) -> None: ...

    Adding.__init__.__annotations__["ledger"] = Provider[Ledger]
    async with await started(Worker, Ledger, Adding) as context:
        context.get_bean(Worker).work()
        assert context.get_bean(Ledger).lines == 1
