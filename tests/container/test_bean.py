"""``@bean``, and the markers that choose between beans."""

from typing import Annotated, Any

import pytest

from pyfly.container import Container, Named, Qualifier, Scope, Value, bean, lazy, order, primary
from pyfly.container.metadata import record_of
from pyfly.container.records import BeanRecord


class Cache: ...


def test_the_published_view_of_a_bean_method() -> None:
    @bean(name="fast", scope=Scope.TRANSIENT)
    def cache() -> Cache:
        return Cache()

    shown: Any = cache
    assert shown.__pyfly_bean__ is True
    assert shown.__pyfly_bean_scope__ is Scope.TRANSIENT
    assert shown.__pyfly_bean_name__ == "fast"


def test_a_bare_bean_is_a_nameless_singleton() -> None:
    @bean
    def cache() -> Cache:
        return Cache()

    shown: Any = cache
    assert shown.__pyfly_bean_scope__ is Scope.SINGLETON
    assert not hasattr(shown, "__pyfly_bean_name__")


def test_what_other_decorators_say_about_the_method_is_kept_in_any_order() -> None:
    @primary
    @bean
    @order(4)
    @lazy
    def cache() -> Cache:
        return Cache()

    said = record_of(cache, BeanRecord)
    assert said is not None
    assert (said.primary, said.order, said.lazy) == (True, 4, True)


@pytest.mark.parametrize("marker", [Qualifier, Named])
def test_a_qualifier_chooses_by_name(marker: type[Qualifier]) -> None:
    class Service:
        def __init__(self, cache: Annotated[Cache, marker("slow")]) -> None:
            self.cache = cache

    container = Container()
    for name in ("fast", "slow"):
        container.register(Cache, name=name)
    container.register(Service)
    assert container.resolve(Service).cache is container.resolve_by_name("slow")


@pytest.mark.parametrize("marker", [Qualifier, Value])
def test_equal_markers_make_equal_annotations(marker: Any) -> None:
    assert Annotated[Cache, marker("a")] == Annotated[Cache, marker("a")]
    assert Annotated[Cache, marker("a")] != Annotated[Cache, marker("b")]
    assert {marker("a"): 1}[marker("a")] == 1
    assert "'a'" in repr(marker("a"))


def test_markers_hold_nothing_but_their_text() -> None:
    marker: Any = Qualifier("a")
    with pytest.raises(AttributeError):
        marker.other = 1
