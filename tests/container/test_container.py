"""The container as programs use it."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Generic, Optional, Protocol, TypeVar

import pytest

from pyfly.container import (
    BeanCreationException,
    CircularDependencyError,
    Container,
    NoSuchBeanError,
    NoUniqueBeanError,
    Problem,
    Provider,
    Qualifier,
    Scope,
    component,
    order,
    service,
)
from pyfly.kernel.exceptions import InfrastructureException, PyFlyException
from tests.container.support import add_factory, container_of

T = TypeVar("T")


class Clock: ...


class Greeter(Protocol):
    def greet(self) -> str: ...


class Greeting(Greeter):
    def greet(self) -> str:
        return "hello"


class Store(ABC):
    @abstractmethod
    def load(self) -> str: ...


class FileStore(Store):
    def load(self) -> str:
        return "file"


class Repository(Generic[T]): ...


class User: ...


class Order: ...


class Users(Repository[User]): ...


class Orders(Repository[Order]): ...


# Registration and look-up


def test_a_singleton_is_the_same_each_time_and_a_transient_is_new() -> None:
    container = container_of(Clock)
    container.register(User, scope=Scope.TRANSIENT)
    assert container.resolve(Clock) is container.resolve(Clock)
    assert container.resolve(User) is not container.resolve(User)


def test_what_the_class_says_about_its_scope_beats_the_argument() -> None:
    @component(scope=Scope.TRANSIENT)
    class Fresh: ...

    container = Container()
    container.register(Fresh, scope=Scope.SINGLETON)
    assert container.resolve(Fresh) is not container.resolve(Fresh)


def test_any_class_can_be_a_bean() -> None:
    assert container_of(list).resolve(list) == []


def test_a_bean_is_found_by_name() -> None:
    @service(name="clock")
    class Named: ...

    container = container_of(Named, Clock)
    container.register(User, name="given")
    assert isinstance(container.resolve_by_name("clock"), Named)
    assert isinstance(container.resolve_by_name("given"), User)
    assert isinstance(container.resolve_by_name("Clock"), Clock)
    assert container.contains("clock")
    assert not container.contains("Named")


def test_an_object_that_exists_already_is_found_by_the_type_it_is_registered_as() -> None:
    container, greeting = Container(), Greeting()
    container.register_instance(greeting, Greeter, name="hi")
    assert container.resolve(Greeter) is greeting  # type: ignore[type-abstract]
    assert container.resolve_by_name("hi") is greeting


def test_protocols_abstract_bases_and_generic_aliases_find_their_implementation() -> None:
    container = container_of(Greeting, FileStore, Users, Orders)
    found: list[Any] = [
        container.resolve(Greeter),  # type: ignore[type-abstract]
        container.resolve(Store),  # type: ignore[type-abstract]
        container.resolve(Repository[User]),
        container.resolve(Repository[Order]),
    ]
    assert [type(each) for each in found] == [Greeting, FileStore, Users, Orders]


def test_a_generic_alias_that_nobody_implements_is_not_answered_with_another_one() -> None:
    with pytest.raises(NoSuchBeanError, match=r"Repository\[.*Order\]"):
        container_of(Users).resolve(Repository[Order])


def test_an_explicit_binding_is_used_where_inheritance_tells_nothing() -> None:
    class Silent:
        def greet(self) -> str:
            return "..."

    container = container_of(Silent)
    container.bind(Greeter, Silent)
    assert container.resolve(Greeter).greet() == "..."  # type: ignore[type-abstract]


def test_all_beans_of_a_type_come_by_order_then_registration() -> None:
    @order(-1)
    class Early(Store):
        def load(self) -> str:
            return "early"

    container = container_of(FileStore, Early)

    def made() -> Store:
        return FileStore()

    definition = add_factory(container, made, Store, order=-2)
    found = container.resolve_all(Store)  # type: ignore[type-abstract]
    assert [type(each) for each in found] == [FileStore, Early, FileStore]
    assert found[0] is container.get(definition)
    assert container.resolve_all(Clock) == []


def test_the_list_that_is_returned_belongs_to_the_caller() -> None:
    container = container_of(FileStore)
    container.resolve_all(Store).clear()  # type: ignore[type-abstract]
    assert len(container.resolve_all(Store)) == 1  # type: ignore[type-abstract]


def test_transients_are_new_in_each_list() -> None:
    container = container_of(Clock, scope=Scope.TRANSIENT)
    assert container.resolve_all(Clock) != container.resolve_all(Clock)


def test_a_bean_registered_after_a_look_up_is_found() -> None:
    container = container_of(FileStore)
    assert isinstance(container.resolve(Store), FileStore)  # type: ignore[type-abstract]
    container.register(type("Other", (FileStore,), {}))
    assert len(container.resolve_all(Store)) == 2  # type: ignore[type-abstract]
    with pytest.raises(NoUniqueBeanError):
        container.resolve(Store)  # type: ignore[type-abstract]


def test_a_removed_bean_is_gone_for_every_look_up() -> None:
    container = container_of(FileStore)
    container.register(type("Other", (FileStore,), {}))
    container.resolve(FileStore)
    definition = container.definition("FileStore")
    assert definition is not None
    container.remove(definition, "not wanted")
    assert type(container.resolve(Store)).__name__ == "Other"  # type: ignore[type-abstract]
    assert not container.contains("FileStore")


# Injection


class Everything:
    def __init__(
        self,
        clock: Clock,
        maybe: Optional[User],  # noqa: UP045
        perhaps: Order | None,
        stores: list[Store],
        fixed: tuple[Store, ...],
        unique: set[Store],
        by_name: dict[str, Store],
        none: list[Order],
        users: Repository[User],
        named: Annotated[Clock, Qualifier("Clock")],
        text: "Greeting",
        *,
        size: int = 5,
        orders: Order = None,  # type: ignore[assignment]
    ) -> None:
        self.given = dict(locals())


@pytest.mark.parametrize("scope", [Scope.SINGLETON, Scope.TRANSIENT, Scope.REQUEST], ids=str)
def test_every_form_of_injection_point_is_served_in_every_scope(scope: Scope) -> None:
    container = container_of(Clock, FileStore, Users, Greeting)
    container.register(Everything, scope=scope)
    with container.scope():
        given = container.resolve(Everything).given
    store = container.resolve(FileStore)
    assert given["clock"] is given["named"] is container.resolve(Clock)
    assert (given["maybe"], given["perhaps"], given["orders"], given["size"]) == (None, None, None, 5)
    assert given["stores"] == [store]
    assert given["fixed"] == (store,)
    assert given["unique"] == {store}
    assert given["by_name"] == {"FileStore": store}
    assert given["none"] == []
    assert given["users"] is container.resolve(Users)
    assert given["text"] is container.resolve(Greeting)


def test_an_injected_list_is_ordered_and_its_copies_are_independent() -> None:
    class One:
        def __init__(self, stores: list[Store]) -> None:
            self.stores = stores

    class Two(One): ...

    @order(-1)
    class Early(FileStore): ...

    container = container_of(FileStore, Early, One, Two)
    one, two = container.resolve_by_name("One"), container.resolve_by_name("Two")
    assert [type(each) for each in one.stores] == [Early, FileStore]
    one.stores.clear()
    assert len(two.stores) == 2


@pytest.mark.parametrize("scope", [Scope.SINGLETON, Scope.TRANSIENT], ids=str)
def test_the_default_of_a_parameter_is_used_when_no_bean_fits(scope: Scope) -> None:
    fallback = Clock()

    class Service:
        def __init__(self, clock: Clock = fallback, names: list[str] = ["a"], any_: Any = 3) -> None:  # noqa: B006
            self.given = (clock, names, any_)

    assert container_of(Service, scope=scope).resolve(Service).given == (fallback, ["a"], 3)
    container = container_of(Service, Clock, scope=scope)
    assert container.resolve(Service).given[0] is not fallback


def test_none_that_a_factory_returned_is_no_member_of_a_collection() -> None:
    class Service:
        def __init__(self, stores: list[Store], by_name: dict[str, Store]) -> None:
            self.given = (stores, by_name)

    container = container_of(FileStore)
    add_factory(container, lambda: None, Store, name="absent", nullable=True)
    container.register(Service)
    container.register(type("Fresh", (Service,), {}), scope=Scope.TRANSIENT)
    store = container.resolve(FileStore)
    assert container.resolve_all(Store) == [store]  # type: ignore[type-abstract]
    for name in ("Service", "Fresh"):
        assert container.resolve_by_name(name).given == ([store], {"FileStore": store})


# Errors


@pytest.mark.parametrize(
    ("fail", "kind", "message"),
    [
        (lambda c: c.resolve(User), NoSuchBeanError, "User"),
        (lambda c: c.resolve_by_name("nobody"), NoSuchBeanError, "No bean named 'nobody'"),
        (lambda c: c.resolve(Repository), NoUniqueBeanError, "@primary"),
    ],
    ids=["type", "name", "ambiguous"],
)
def test_a_look_up_that_fails_is_a_key_error_too(fail: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(KeyError, match=message) as raised:
        fail(container_of(Users, Orders))
    assert isinstance(raised.value, kind)
    assert isinstance(raised.value, BeanCreationException)
    assert isinstance(raised.value, PyFlyException)
    assert not str(raised.value).startswith("'"), "KeyError would quote its text"


def test_a_creation_error_carries_subsystem_provider_and_reason() -> None:
    error = BeanCreationException("cache", "redis", "connection refused")
    assert isinstance(error, InfrastructureException)
    assert (error.subsystem, error.provider, error.reason) == ("cache", "redis", "connection refused")
    assert error.code == "BEAN_CREATION_CACHE"
    assert all(text in str(error) for text in ("cache", "redis", "connection refused"))


def test_the_container_module_offers_the_errors_that_programs_import_from_it() -> None:
    from pyfly.container import container as module

    assert module.CircularDependencyError is CircularDependencyError
    assert module.NoSuchBeanError is NoSuchBeanError


def test_an_unsound_bean_is_refused_before_any_constructor_runs() -> None:
    built = []

    class First:
        def __init__(self) -> None:
            built.append(self)

    class Second:
        def __init__(self, first: First, missing: User) -> None: ...

    with pytest.raises(NoSuchBeanError):
        container_of(First, Second).resolve(Second)
    assert built == []


def test_what_a_constructor_raises_arrives_unchanged_and_the_next_try_starts_afresh() -> None:
    class Flaky:
        tries = 0

        def __init__(self) -> None:
            Flaky.tries += 1
            if Flaky.tries == 1:
                raise OSError("not yet")

    container = container_of(Flaky)
    with pytest.raises(OSError, match="not yet"):
        container.resolve(Flaky)
    assert container.resolve(Flaky) is container.resolve(Flaky)


# Introspection


def test_definitions_can_be_listed_and_asked() -> None:
    class Needy:
        def __init__(self, store: Store, later: Provider[Clock]) -> None: ...

    container = container_of(FileStore, Clock, Needy)
    needy = container.definition("Needy")
    assert needy is not None
    assert [each.name for each in container.definitions()] == ["FileStore", "Clock", "Needy"]
    assert [each.name for each in container.definitions_of(Store)] == ["FileStore"]
    assert [each.name for each in container.dependencies_of(needy)] == ["FileStore"]
    assert container.select(Store).name == "FileStore"
    assert container.definition("nobody") is None
    assert container.get(needy) is container.resolve(Needy)
    assert not container.has_scope(Scope.REQUEST)


def test_two_beans_of_one_name_are_an_error_that_names_both() -> None:
    container = container_of(Clock)
    container.register(User, name="Clock")
    (problem,) = container.problems()
    assert isinstance(problem, Problem)
    assert str(problem) == "2 beans are called 'Clock'."


def test_the_last_of_several_beans_of_one_name_wins_where_overriding_is_allowed() -> None:
    container = container_of(Clock)
    container.register(User, name="Clock")
    assert container.problems(allow_overriding=True) == []
    assert isinstance(container.resolve_by_name("Clock"), User)
    with pytest.raises(NoSuchBeanError):
        container.resolve(Clock)


async def test_async_resolution_yields_the_same_singletons() -> None:
    container = container_of(Clock)
    assert await container.aresolve(Clock) is container.resolve(Clock)
    assert await container.aget(container.select(Clock)) is container.resolve(Clock)


def test_a_closed_container_makes_its_singletons_anew() -> None:
    container = container_of(Clock)
    first = container.resolve(Clock)
    container.close()
    assert container.resolve(Clock) is not first


def closing(container: Container, log: list[str]) -> None:
    class First: ...

    class Second: ...

    def clock() -> Iterator[Clock]:
        yield Clock()
        log.append("clock")

    def first() -> Iterator[First]:
        yield First()
        raise OSError("first")

    def second() -> Iterator[Second]:
        yield Second()
        raise OSError("second")

    for make, kind in ((clock, Clock), (first, First), (second, Second)):
        add_factory(container, make, kind)
        container.resolve(kind)


def test_closing_goes_on_after_a_failure_and_raises_the_first(caplog: pytest.LogCaptureFixture) -> None:
    log: list[str] = []
    container = Container()
    closing(container, log)
    with pytest.raises(OSError, match="second"):
        container.close()
    assert log == ["clock"]
    assert "Destroying bean 'first' failed" in caplog.text
    container.close()
    assert log == ["clock"]


async def test_closing_asynchronously_goes_on_after_a_failure_and_raises_the_first() -> None:
    log: list[str] = []

    class Last: ...

    async def last() -> AsyncIterator[Last]:
        yield Last()
        raise OSError("last")

    container = Container()
    closing(container, log)
    add_factory(container, last, Last)
    await container.aresolve(Last)
    with pytest.raises(OSError, match="last"):
        await container.aclose()
    assert log == ["clock"]
