"""``weave_bean``: the published behaviour, on every shape that a method can have."""

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import pytest

from pyfly.aop import (
    IncompatibleAdviceError,
    JoinPoint,
    after,
    after_returning,
    after_throwing,
    around,
    aspect,
    before,
)
from tests.aop.support import woven

T = TypeVar("T")


@aspect
class Guard:
    """Counts the calls it sees, and the methods that ran without it."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    @before("service.Shapes.*")
    def check(self, point: JoinPoint) -> None:
        self.seen.append(point.method_name)


class Place(Protocol):
    def by_interface(self) -> str: ...


class Root:
    def by_base(self) -> str:
        return "ran"

    def overridden(self) -> str:
        return "base"


class Typed(Generic[T]):
    def by_generic(self) -> str:
        return "ran"


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return wrapper


class Shapes(Root, Typed[int], Place):
    def sync(self) -> str:
        return "ran"

    async def asynchronous(self) -> str:
        return "ran"

    def generator(self) -> Iterator[str]:
        yield "ran"

    async def async_generator(self) -> AsyncIterator[str]:
        yield "ran"

    @classmethod
    def of_class(cls) -> str:
        return "ran"

    @staticmethod
    def static() -> str:
        return "ran"

    @staticmethod
    async def async_static() -> str:
        return "ran"

    @property
    def getter(self) -> str:
        return "ran"

    @getter.setter
    def getter(self, value: str) -> None:
        self.value = value

    @getter.deleter
    def getter(self) -> None:
        del self.value

    @functools.cached_property
    def cached(self) -> str:
        return "ran"

    def by_interface(self) -> str:
        return "ran"

    def overridden(self) -> str:
        return super().overridden().replace("base", "ran")

    def calls_itself(self) -> str:
        return self.sync()

    def with_argument(self, text: str) -> str:
        return text

    partly = functools.partialmethod(with_argument, "ran")

    @functools.singledispatchmethod
    def dispatched(self, value: object = None) -> str:
        return "ran"

    @logged
    async def decorated(self) -> str:
        return "ran"

    plain_lambda: ClassVar[Callable[["Shapes"], str]] = lambda self: "ran"


async def _first(items: AsyncIterator[str]) -> str:
    async for each in items:
        return each
    raise AssertionError


def _deleted(bean: Shapes) -> str:
    bean.value = "x"
    del bean.getter
    return "ran"


def _through(place: Place) -> str:
    return place.by_interface()


def _bound(bean: Shapes) -> str:
    method = bean.sync
    return method()


def _set(bean: Shapes) -> str:
    bean.getter = "ran"
    return bean.value


SHAPES: dict[str, tuple[str, Callable[[Shapes], Any]]] = {
    "sync": ("sync", lambda bean: bean.sync()),
    "async": ("asynchronous", lambda bean: bean.asynchronous()),
    "generator": ("generator", lambda bean: next(iter(bean.generator()))),
    "async generator": ("async_generator", lambda bean: _first(bean.async_generator())),
    "class method": ("of_class", lambda bean: bean.of_class()),
    "class method through the class": ("of_class", lambda bean: type(bean).of_class()),
    "static method": ("static", lambda bean: bean.static()),
    "async static method": ("async_static", lambda bean: bean.async_static()),
    "property": ("getter", lambda bean: bean.getter),
    "property setter": ("getter", _set),
    "property deleter": ("getter", _deleted),
    "cached property": ("cached", lambda bean: bean.cached),
    "via interface": ("by_interface", _through),
    "via base class": ("by_base", lambda bean: bean.by_base()),
    "via overriding method": ("overridden", lambda bean: bean.overridden()),
    "via generic base": ("by_generic", lambda bean: bean.by_generic()),
    "via a call on self": ("sync", lambda bean: bean.calls_itself()),
    "via functools.partial": ("with_argument", lambda bean: functools.partial(bean.with_argument, "ran")()),
    "via partialmethod": ("partly", lambda bean: bean.partly()),
    "via singledispatchmethod": ("dispatched", lambda bean: bean.dispatched(1)),
    "under another decorator": ("decorated", lambda bean: bean.decorated()),
    "lambda": ("plain_lambda", lambda bean: bean.plain_lambda()),
    "bound before the call": ("sync", _bound),
}


async def _result(call: Callable[[Shapes], Any], bean: Shapes) -> Any:
    result = call(bean)
    return await result if inspect.isawaitable(result) else result


@pytest.mark.parametrize("shape", SHAPES)
async def test_no_shape_of_method_runs_without_its_advice(shape: str) -> None:
    method, call = SHAPES[shape]
    guard = Guard()
    assert await _result(call, woven(Shapes(), guard)) == "ran"
    assert method in guard.seen


@pytest.mark.parametrize("shape", SHAPES)
async def test_no_shape_runs_when_its_advice_refuses(shape: str) -> None:
    @aspect
    class Refusing:
        @before("service.Shapes.*")
        def check(self) -> None:
            raise PermissionError

    bean = woven(Shapes(), Refusing())
    with pytest.raises(PermissionError):
        await _result(SHAPES[shape][1], bean)


@dataclass(frozen=True, slots=True)
class Point:
    x: int

    def double(self) -> int:
        return self.x * 2


def test_an_object_that_is_frozen_and_has_slots_is_woven_in_place() -> None:
    guard = Guard()
    point = woven(Point(2), guard)
    assert (point.double(), guard.seen) == (4, ["double"])
    assert repr(point) == repr(Point(2))


def test_the_object_its_class_its_signatures_and_its_text_stay_what_they_were() -> None:
    bean = Shapes()
    text = repr(bean)
    assert woven(bean, Guard()) is bean
    assert isinstance(bean, Shapes)
    assert repr(bean) == text
    for name in ("sync", "with_argument", "of_class", "static", "async_static", "decorated"):
        assert inspect.signature(getattr(bean, name)) == inspect.signature(getattr(Shapes(), name))
    for name in ("asynchronous", "async_static"):
        assert inspect.iscoroutinefunction(getattr(bean, name))
    assert inspect.isgeneratorfunction(bean.generator)
    assert inspect.isasyncgenfunction(bean.async_generator)


def test_other_objects_of_the_class_are_left_alone() -> None:
    guard = Guard()
    woven(Shapes(), guard)
    Shapes().sync()
    assert guard.seen == []


def test_without_matching_advice_the_class_is_the_same() -> None:
    assert type(woven(Shapes(), Guard(), prefix="component.Shapes")) is Shapes


def test_callable_attributes_and_private_methods_are_not_touched() -> None:
    class Shy:
        def __init__(self, injected: Callable[[], str]) -> None:
            self.injected = injected

        def _private(self) -> None: ...

        @property
        def explosive(self) -> None:
            raise AssertionError("a property must not be evaluated")

    guard = Guard()
    shy = woven(Shy(lambda: "called"), guard)
    shy._private()
    assert (shy.injected(), guard.seen) == ("called", [])


@aspect
class Log:
    def __init__(self) -> None:
        self.lines: list[str] = []

    @before("service.Shop.*")
    def first(self, point: JoinPoint) -> None:
        self.lines.append(f"before {point.args}")

    @after_returning("service.Shop.*")
    def returned(self, point: JoinPoint) -> None:
        self.lines.append(f"returned {point.return_value}")

    @after_throwing("service.Shop.*")
    def thrown(self, point: JoinPoint) -> None:
        self.lines.append(f"thrown {point.exception}")

    @after("service.Shop.*")
    def last(self) -> None:
        self.lines.append("after")


class Shop:
    def sell(self, item: str) -> str:
        if item == "nothing":
            raise LookupError(item)
        return item.upper()

    async def asell(self, item: str) -> str:
        return self.sell(item)


def test_the_order_on_success_and_on_failure() -> None:
    log = Log()
    shop = woven(Shop(), log, prefix="service.Shop")
    assert shop.sell("tea") == "TEA"
    assert log.lines == ["before ('tea',)", "returned TEA", "after"]
    log.lines.clear()
    with pytest.raises(LookupError, match="nothing"):
        shop.sell("nothing")
    assert log.lines == ["before ('nothing',)", "thrown nothing", "after"]


def test_two_aspects_can_be_woven_one_after_the_other() -> None:
    first, second = Log(), Log()
    shop = woven(woven(Shop(), first, prefix="service.Shop"), second, prefix="service.Shop")
    shop.sell("tea")
    assert first.lines == second.lines == ["before ('tea',)", "returned TEA", "after"]


def test_advice_that_would_never_run_is_refused() -> None:
    @aspect
    class Late:
        @around("service.Shop.sell")
        async def hurry(self, point: JoinPoint) -> Any:
            return await point.proceed()

    with pytest.raises(IncompatibleAdviceError, match=r"Late\.hurry .* cannot advise Shop\.sell"):
        woven(Shop(), Late(), prefix="service.Shop")
