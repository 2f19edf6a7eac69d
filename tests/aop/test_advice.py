"""Which methods can be advice, and which advice fits which method."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.aop import AspectRegistry, InvalidAspectError, JoinPoint, after, around, aspect, before
from pyfly.aop.advice import AspectSource, advice_of
from pyfly.container.interception import MethodInterceptor, MethodTarget, advised_class
from tests.aop.support import woven


def advised(*methods: Callable[..., Any]) -> object:
    return aspect(type("Made", (), {method.__name__: method for method in methods}))()


@before("**.work")
def none(self: object) -> None: ...


@before("**.work")
def one(self: object, point: JoinPoint) -> None: ...


@before("**.work")
def optional(self: object, point: JoinPoint | None = None, *, level: int = 0) -> None:
    assert isinstance(point, JoinPoint)


@before("**.work")
def anything(self: object, *points: JoinPoint) -> None:
    assert len(points) == 1


class Worker:
    def work(self) -> str:
        return "done"


@pytest.mark.parametrize("method", [none, one, optional, anything])
def test_advice_is_given_the_join_point_if_it_has_a_place_for_it(method: Callable[..., Any]) -> None:
    assert woven(Worker(), advised(method)).work() == "done"


@pytest.mark.parametrize("kind", [staticmethod, classmethod])
def test_class_and_static_methods_can_be_advice(kind: Any) -> None:
    seen: list[Any] = []

    def plain(*arguments: Any) -> None:
        seen.append(arguments[-1].method_name)

    made = type("Made", (), {"plain": before("**.work")(kind(plain))})
    assert woven(Worker(), aspect(made)()).work() == "done"
    assert seen == ["work"]


@pytest.mark.parametrize(
    ("decorator", "parameters", "needs"),
    [
        (before, "self, a, b", "at most one parameter"),
        (after, "self, a, b", "at most one parameter"),
        (around, "self", "exactly one parameter"),
        (around, "self, a, b", "exactly one parameter"),
    ],
)
def test_a_method_with_other_parameters_cannot_be_advice(
    decorator: Callable[[str], Any], parameters: str, needs: str
) -> None:
    namespace: dict[str, Any] = {}
    exec(f"def advise({parameters}): ...", namespace)
    with pytest.raises(InvalidAspectError, match=re.escape(needs)):
        AspectRegistry().register(advised(decorator("**.work")(namespace["advise"])))


def test_an_aspect_is_made_when_its_first_advice_is_called_and_only_once() -> None:
    made: list[object] = []

    @aspect
    class Late:
        @around("**.work")
        def about(self, point: JoinPoint) -> Any:
            return point.proceed()

    def make() -> object:
        made.append(Late())
        return made[-1]

    class Interceptor(MethodInterceptor):
        def intercept(self, target: MethodTarget) -> Any:
            from pyfly.aop.chain import compile_chain

            advices = advice_of(Late, AspectSource(make, 0))
            return lambda call: compile_chain(target, advices, call)

    worker = advised_class(Worker, "worker", [Interceptor()])()
    assert made == []
    assert [worker.work(), worker.work()] == ["done", "done"]
    assert len(made) == 1
