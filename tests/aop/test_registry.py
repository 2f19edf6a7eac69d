"""A registry of aspects that were made by hand."""

import pytest

from pyfly.aop import AspectRegistry, PointcutSyntaxError, UnknownAnnotationError, after, aspect, before
from pyfly.container import order


@aspect
@order(2)
class Second:
    @before("service.*.*")
    def check(self) -> str:
        return "second"

    @after("service.Orders.place")
    def last(self) -> None: ...


@aspect
@order(1)
class First:
    @before("service.Orders.*")
    def check(self) -> str:
        return "first"


def registry() -> AspectRegistry:
    made = AspectRegistry()
    made.register(Second())
    made.register(First())
    return made


def test_bindings_are_sorted_by_the_order_of_their_aspect() -> None:
    assert [
        (each.advice_type, each.pointcut, each.aspect_order) for each in registry().get_all_bindings()
    ] == [
        ("before", "service.Orders.*", 1),
        ("before", "service.*.*", 2),
        ("after", "service.Orders.place", 2),
    ]


def test_the_handler_of_a_binding_is_bound_to_its_aspect() -> None:
    assert [each.handler() for each in registry().get_matching("service.Stock.count")] == ["second"]


@pytest.mark.parametrize(
    ("name", "count"), [("service.Orders.place", 3), ("service.Orders.x", 2), ("a.b.c", 0)]
)
def test_bindings_are_found_by_the_name_of_a_method(name: str, count: int) -> None:
    assert len(registry().get_matching(name)) == count


def test_what_cannot_work_is_not_registered() -> None:
    @aspect
    class Unreadable:
        @before("service.* and")
        def advise(self) -> None: ...

    @aspect
    class Unknown:
        @before("@annotation(no.such)")
        def advise(self) -> None: ...

    made = AspectRegistry()
    with pytest.raises(PointcutSyntaxError):
        made.register(Unreadable())
    with pytest.raises(UnknownAnnotationError):
        made.register(Unknown())
    assert made.is_empty
