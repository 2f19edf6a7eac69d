"""What the decorators say, and what they publish for other programs."""

import pytest

from pyfly.aop import AspectRegistry, after, after_returning, after_throwing, around, aspect, before
from pyfly.aop.decorators import AdviceRecord
from pyfly.container import Container, component, get_order, order
from pyfly.container.metadata import record_of


@pytest.mark.parametrize("decorator", [before, after_returning, after_throwing, after, around])
def test_each_advice_publishes_its_kind_and_its_pointcut(decorator: object) -> None:
    def advise(self: object) -> None: ...

    decorated = decorator("service.*.*")(advise)  # type: ignore[operator]
    assert decorated is advise
    assert decorated.__pyfly_advice_type__ == decorator.__name__  # type: ignore[attr-defined]
    assert decorated.__pyfly_pointcut__ == "service.*.*"  # type: ignore[attr-defined]


def test_an_aspect_is_a_bean_whatever_the_order_of_its_decorators() -> None:
    @aspect
    @order(3)
    class First: ...

    @order(4)
    @aspect
    class Second: ...

    container = Container()
    assert [container.register(each).stereotype for each in (First, Second)] == ["aspect", "aspect"]
    assert [get_order(each) for each in (First, Second)] == [3, 4]
    assert First.__pyfly_aspect__ is True  # type: ignore[attr-defined]
    assert First.__pyfly_injectable__ is True  # type: ignore[attr-defined]


def test_what_another_stereotype_has_said_is_kept() -> None:
    @aspect
    @component(name="log")
    class Log: ...

    assert Container().register(Log).name == "log"


def test_one_method_can_be_advice_twice() -> None:
    class Twice:
        @before("a.b")
        @after("c.d")
        def advise(self) -> None: ...

    said = record_of(Twice.advise, AdviceRecord)
    assert said is not None
    assert said.advices == (("after", "c.d"), ("before", "a.b"))
    registry = AspectRegistry()
    registry.register(Twice())
    assert [(each.advice_type, each.pointcut) for each in registry.get_all_bindings()] == list(said.advices)
