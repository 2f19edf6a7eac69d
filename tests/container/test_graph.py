"""All definitions are linked and checked as a whole, before anything is built."""

from collections.abc import Sequence
from itertools import pairwise
from types import FunctionType
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.container import (
    BeanDefinition,
    BeanGraphError,
    CircularDependencyError,
    Container,
    Lazy,
    NoSuchBeanError,
    NoUniqueBeanError,
    Problem,
    Provider,
    Qualifier,
    Scope,
    ScopeMismatchError,
    component,
    primary,
)
from tests.container.support import add_factory, container_of


class A: ...


class B: ...


class Base: ...


class One(Base): ...


class Two(Base): ...


def kinds(container: Container) -> list[type]:
    return [type(problem) for problem in container.problems()]


def test_all_mistakes_are_reported_together_and_nothing_is_built() -> None:
    built = []

    class Counted:
        def __init__(self) -> None:
            built.append(self)

    class MissesOne:
        def __init__(self, counted: Counted, a: A) -> None: ...

    class Unsure:
        def __init__(self, base: Base) -> None: ...

    class Guess:
        def __init__(self, size: int) -> None: ...

    container = container_of(Counted, MissesOne, Unsure, Guess, One, Two)
    with pytest.raises(BeanGraphError) as raised:
        container.check()
    assert [type(each) for each in raised.value.problems] == [NoSuchBeanError, NoUniqueBeanError, Problem]
    assert str(raised.value).startswith("3 wiring errors: MissesOne, parameter 'a'")
    assert built == []


def test_a_sound_graph_passes_and_is_told_who_needs_whom() -> None:
    class Service:
        def __init__(self, a: A, later: Provider[B], rest: list[Base]) -> None: ...

    container = container_of(A, B, One, Two, Service)
    container.check()
    service = container.definition("Service")
    assert service is not None
    assert [each.name for each in container.dependencies_of(service)] == ["A", "One", "Two"]


def test_an_optional_dependency_does_not_hide_what_is_missing_behind_it() -> None:
    class Broken:
        def __init__(self, a: A) -> None: ...

    class Service:
        def __init__(self, broken: Broken | None = None) -> None: ...

    container = container_of(Broken, Service)
    with pytest.raises(NoSuchBeanError, match="Broken, parameter 'a'"):
        container.resolve(Service)


def test_a_mistake_elsewhere_does_not_keep_a_sound_bean_from_being_made() -> None:
    class Broken:
        def __init__(self, a: A) -> None: ...

    assert isinstance(container_of(Broken, B).resolve(B), B)


# One candidate among several


def test_the_exact_type_beats_its_subtypes() -> None:
    assert type(container_of(One, Base, Two).resolve(Base)) is Base


@pytest.mark.parametrize("first", [True, False], ids=["primary first", "primary last"])
def test_the_primary_wins_when_several_fit(first: bool) -> None:
    @primary
    class Chosen(Base): ...

    classes = (Chosen, One, Two) if first else (One, Two, Chosen)
    assert type(container_of(*classes).resolve(Base)) is Chosen


def test_a_primary_subtype_settles_a_tie_between_exact_ones() -> None:
    @primary
    class Chosen(Base): ...

    container = container_of(Base, Chosen)
    container.register(Base, name="second")
    assert type(container.resolve(Base)) is Chosen


def test_two_primaries_are_ambiguous() -> None:
    @primary
    class Chosen(Base): ...

    @primary
    class Other(Base): ...

    with pytest.raises(NoUniqueBeanError, match="Chosen, Other"):
        container_of(Chosen, Other).resolve(Base)


def test_a_fallback_is_used_only_when_nothing_else_fits() -> None:
    @component(fallback=True)
    class Default(Base): ...

    assert type(container_of(Default).resolve(Base)) is Default
    assert type(container_of(Default, One).resolve(Base)) is One


def test_a_fallback_of_the_exact_type_gives_way_to_a_regular_subtype() -> None:
    @component(fallback=True)
    class Cache: ...

    class Fast(Cache): ...

    assert type(container_of(Cache, Fast).resolve(Cache)) is Fast


def test_factories_of_one_type_are_chosen_by_the_primary_mark_of_the_method() -> None:
    container = Container()
    add_factory(container, lambda: "slow", str, name="slow")
    add_factory(container, lambda: "fast", str, name="fast", primary=True)
    assert container.resolve(str) == "fast"
    assert container.resolve_all(str) == ["slow", "fast"]


def test_a_qualifier_that_names_a_bean_of_another_type_is_an_error() -> None:
    class Service:
        def __init__(self, a: Annotated[A, Qualifier("B")]) -> None: ...

    with pytest.raises(Problem, match=r"asks for a A named 'B' .* but that bean is a B"):
        container_of(A, B, Service).resolve(Service)


def test_a_qualifier_that_names_nobody_is_an_error_unless_the_point_is_optional() -> None:
    class Strict:
        def __init__(self, a: Annotated[A, Qualifier("x")]) -> None: ...

    class Easy:
        def __init__(self, a: Annotated[A, Qualifier("x")] | None) -> None:
            self.a = a

    container = container_of(A, Strict, Easy)
    assert container.resolve(Easy).a is None
    with pytest.raises(NoSuchBeanError, match="No bean named 'x'"):
        container.resolve(Strict)


# Cycles


class Ping:
    def __init__(self, pong: "Pong") -> None: ...


class Pong:
    def __init__(self, pang: "Pang") -> None: ...


class Pang:
    def __init__(self, ping: Ping) -> None: ...


class Itself:
    def __init__(self, me: "Itself") -> None: ...


class Left:
    def __init__(self, right: "Provider[Right]") -> None:
        self.right = right


class Right:
    def __init__(self, left: Lazy[Left]) -> None:
        self.left = left


@pytest.mark.parametrize(
    ("classes", "chain"),
    [((A, Ping, Pong, Pang), "Ping -> Pong -> Pang -> Ping"), ((Itself,), "Itself -> Itself")],
    ids=["three", "one"],
)
def test_a_cycle_is_refused_with_its_chain_in_order(classes: Sequence[type], chain: str) -> None:
    (problem,) = container_of(*classes).problems()
    assert isinstance(problem, CircularDependencyError)
    assert str(problem) == f"Circular dependency: {chain}"


def test_a_provider_breaks_a_cycle() -> None:
    container = container_of(Left, Right)
    container.check()
    left = container.resolve(Left)
    assert left.right.get().left.get() is left


def test_depends_on_closes_a_cycle_too() -> None:
    @component(depends_on=["Second"])
    class First: ...

    class Second:
        def __init__(self, first: First) -> None: ...

    assert kinds(container_of(First, Second)) == [CircularDependencyError]


# Scopes


class Request: ...


def scoped(scope: Scope | str, cls: type) -> BeanDefinition:
    return BeanDefinition(cls, name=cls.__name__, scope=scope)


def with_request_bean(*, proxy: bool = False) -> Container:
    container = Container()
    container.register(component(scope=Scope.REQUEST, proxy=proxy)(type("Request", (Request,), {})))
    return container


class Holder:
    def __init__(self, request: Request) -> None:
        self.request = request


class HolderOfMany:
    def __init__(self, requests: list[Request]) -> None: ...


class HolderOfProvider:
    def __init__(self, request: Provider[Request]) -> None: ...


class Behind:
    def __init__(self, holder: Holder) -> None: ...


@pytest.mark.parametrize("holder", [Holder, HolderOfMany])
@pytest.mark.parametrize("scope", [Scope.SINGLETON, Scope.SESSION, "tenant"], ids=str)
def test_a_bean_that_outlives_the_request_may_not_hold_a_request_bean(holder: type, scope: Any) -> None:
    container = with_request_bean()
    container.register(holder, scope=scope)
    assert kinds(container) == [ScopeMismatchError]


def test_a_singleton_may_not_hold_one_through_a_transient_either() -> None:
    container = with_request_bean()
    container.register(Holder, scope=Scope.TRANSIENT)
    container.register(Behind)
    (problem,) = container.problems()
    assert str(problem).startswith(
        "Behind (singleton) would keep Request (request) beyond its scope through parameter 'holder'"
    )


@pytest.mark.parametrize("scope", [Scope.REQUEST, Scope.TRANSIENT], ids=str)
def test_short_lived_beans_may_hold_a_request_bean(scope: Scope) -> None:
    container = with_request_bean()
    container.register(Holder, scope=scope)
    assert container.problems() == []


@pytest.mark.parametrize(
    ("holder", "proxy"), [(HolderOfProvider, False), (Holder, True), (HolderOfMany, True)]
)
def test_a_singleton_may_reach_a_request_bean_through_a_provider_or_proxy(holder: type, proxy: bool) -> None:
    container = with_request_bean(proxy=proxy)
    container.register(holder)
    assert container.problems() == []


def test_a_second_scoped_dependency_is_looked_at_as_well() -> None:
    class Session: ...

    class Cart:
        def __init__(self, session: Session, request: Request) -> None: ...

    container = with_request_bean()
    container.register(Session, scope=Scope.SESSION)
    container.register(Cart, scope=Scope.SESSION)
    (problem,) = container.problems()
    assert "Cart (session) would keep Request (request)" in str(problem)


# Any graph


def bean_class(number: int, needs: Sequence[int], deferred: Sequence[int], classes: list[type]) -> type:
    parameters = ", ".join(["self", *(f"p{each}" for each in (*needs, *deferred))])
    namespace: dict[str, Any] = {}
    exec(compile(f"def __init__({parameters}): pass", __file__, "exec"), namespace)
    init: FunctionType = namespace["__init__"]
    init.__annotations__ = {
        **{f"p{each}": classes[each] for each in needs},
        **{f"p{each}": Provider[classes[each]] for each in deferred},  # type: ignore[valid-type]
    }
    classes[number].__init__ = init  # type: ignore[misc]
    return classes[number]


Graph = tuple[list[set[int]], list[set[int]]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(1, 9))
    edges = st.sets(st.integers(0, size - 1), max_size=3)
    hard = draw(st.lists(edges, min_size=size, max_size=size))
    soft = draw(st.lists(edges, min_size=size, max_size=size))
    return hard, [each - other for each, other in zip(soft, hard, strict=True)]


def container_for(graph: Graph) -> Container:
    hard, soft = graph
    classes = [type(f"N{number}", (), {}) for number in range(len(hard))]
    for number in range(len(hard)):
        bean_class(number, sorted(hard[number]), sorted(soft[number]), classes)
    return container_of(*classes)


def has_cycle(needs: list[set[int]]) -> bool:
    left = {number: set(each) for number, each in enumerate(needs)}
    while free := [number for number, each in left.items() if not each]:
        for number in free:
            del left[number]
        for each in left.values():
            each.difference_update(free)
    return bool(left)


def ring(problem: CircularDependencyError) -> list[int]:
    chain = str(problem).removeprefix("Circular dependency: ")
    return [int(each.removeprefix("N")) for each in chain.split(" -> ")]


def every_cycle_is_found(graph: Graph) -> None:
    hard, _ = graph
    rings = [ring(problem) for problem in container_for(graph).problems()]
    for members in rings:
        assert members[0] == members[-1]
        assert len(set(members)) == len(members) - 1
        assert all(two in hard[one] for one, two in pairwise(members))
    remaining = [set(each) for each in hard]
    for members in rings:
        remaining[members[-2]].discard(members[-1])
    assert bool(rings) == has_cycle(hard)
    assert not has_cycle(remaining), "a cycle that no ring names is left"


def sound_graphs_are_built(graph: Graph) -> None:
    hard, _ = graph
    if not has_cycle(hard):
        container = container_for(graph)
        container.check()
        order = [int(each.name.removeprefix("N")) for each in container.in_creation_order()]
        assert all(order.index(need) < order.index(number) for number in order for need in hard[number])
        for definition in container.definitions():
            assert container.get(definition) is container.get(definition)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_every_cycle_of_any_graph_is_found_with_a_correct_chain(graph: Graph) -> None:
    every_cycle_is_found(graph)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_any_graph_without_cycle_is_built_in_dependency_order(graph: Graph) -> None:
    sound_graphs_are_built(graph)


@pytest.mark.nightly
@settings(max_examples=10_000, deadline=None)
@given(graphs())
def test_every_cycle_of_ten_thousand_graphs_is_found(graph: Graph) -> None:
    every_cycle_is_found(graph)
    sound_graphs_are_built(graph)


def test_a_bean_that_wraps_others_of_its_own_type_is_not_given_itself() -> None:
    class Port: ...

    class First(Port): ...

    class Second(Port): ...

    @primary
    class Composite(Port):
        def __init__(self, parts: list[Port]) -> None:
            self.parts = parts

    container = Container()
    for cls in (First, Second, Composite):
        container.register(cls)
    container.check()
    composite = container.resolve(Port)
    assert isinstance(composite, Composite)
    assert [type(part) for part in composite.parts] == [First, Second]


def test_a_decorator_is_given_what_it_decorates() -> None:
    class Port: ...

    class Plain(Port): ...

    @primary
    class Decorating(Port):
        def __init__(self, inner: Port) -> None:
            self.inner = inner

    container = Container()
    container.register(Plain)
    container.register(Decorating)
    container.check()
    decorating = container.resolve(Port)
    assert isinstance(decorating, Decorating)
    assert isinstance(decorating.inner, Plain)
