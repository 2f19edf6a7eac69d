"""Policies on beans: around whatever else wraps a method, and once."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from pyfly.container import service
from pyfly.container.interception import InterceptionOrder, MethodInterceptor, MethodTarget
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.resilience import PolicyRegistry, retry


class Inside(MethodInterceptor):
    """Counts, as a transaction would, how often a method is run."""

    order: ClassVar[int] = InterceptionOrder.TRANSACTION

    def __init__(self) -> None:
        self.entered: list[str] = []

    def intercept(self, target: MethodTarget) -> Callable[[Any], Any] | None:
        if target.name not in {"go", "go_sync", "static"}:
            return None

        def wrap(proceed: Any) -> Any:
            if target.name == "go":

                async def entered_async(*args: Any) -> Any:
                    self.entered.append(target.name)
                    return await proceed(*args)

                return entered_async

            def entered(*args: Any) -> Any:
                self.entered.append(target.name)
                return proceed(*args)

            return entered

        return wrap


class Base:
    def __init__(self) -> None:
        self.calls = 0

    def _fail(self) -> None:
        self.calls += 1
        if self.calls % 3:
            raise OSError(self.calls)

    @retry(delay=0)
    async def go(self) -> int:
        self._fail()
        return self.calls

    @retry(delay=0)
    def go_sync(self) -> int:
        self._fail()
        return self.calls


@service
class Worker(Base):
    failures: ClassVar[list[OSError]] = []

    @staticmethod
    @retry(delay=0)
    def static(value: int) -> int:
        if Worker.failures:
            raise Worker.failures.pop()
        return value

    async def again(self) -> int:
        return await self.go()


@service
class Overriding(Base):
    def go_sync(self) -> int:
        return super().go_sync() * 10


@pytest.fixture
async def context() -> Any:
    context = ApplicationContext(Config({}))
    for cls in (Worker, Overriding, Inside):
        context.register_bean(cls)
    async with context:
        yield context


async def test_each_attempt_passes_through_what_is_inside_and_attempts_are_not_multiplied(
    context: ApplicationContext,
) -> None:
    worker, inside = context.get_bean(Worker), context.get_bean(Inside)
    assert await worker.go() == 3
    assert worker.go_sync() == 6
    assert await worker.again() == 9
    assert inside.entered == ["go"] * 3 + ["go_sync"] * 3 + ["go"] * 3


async def test_static_methods_are_guarded_without_the_class_as_an_argument(
    context: ApplicationContext,
) -> None:
    worker, inside = context.get_bean(Worker), context.get_bean(Inside)
    Worker.failures.extend([OSError(), OSError()])
    assert worker.static(5) == 5
    assert inside.entered == ["static"] * 3


async def test_an_override_without_a_decorator_still_calls_a_guarded_method_of_its_base(
    context: ApplicationContext,
) -> None:
    assert context.get_bean(Overriding).go_sync() == 30


async def test_an_object_that_is_no_bean_is_guarded_by_its_decorators_alone(
    context: ApplicationContext,
) -> None:
    worker = Worker()
    assert (await worker.go(), worker.go_sync()) == (3, 6)
    assert context.get_bean(Inside).entered == []


async def test_policies_are_called_after_the_class_and_the_method(context: ApplicationContext) -> None:
    names = [state["name"] for state in context.get_bean(PolicyRegistry).states()]
    assert names == ["Overriding.go", "Worker.go", "Worker.go_sync", "Worker.static"]
