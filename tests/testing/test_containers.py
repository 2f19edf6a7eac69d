from typing import Generic, Protocol, TypeVar

from pyfly.container import component
from pyfly.testing import create_test_container

T = TypeVar("T")


class Repository(Protocol):
    def find(self) -> str: ...


class Cache(Generic[T]):
    pass


class FakeDatabase:
    pass


class FakeRepository:
    def __init__(self, text: str = "class") -> None:
        self.text = text

    def find(self) -> str:
        return self.text


@component
class Needing:
    def __init__(self, repository: Repository) -> None:
        self.repository = repository


def test_a_class_is_a_singleton_under_its_key() -> None:
    container = create_test_container({object: FakeDatabase})
    assert isinstance(container.resolve(object), FakeDatabase)
    assert container.resolve(object) is container.resolve(FakeDatabase)


def test_an_object_is_used_as_it_is_and_injected() -> None:
    fake = FakeRepository("object")
    container = create_test_container({Repository: fake, Cache[int]: (ints := Cache[int]())})
    container.register(Needing)
    assert container.resolve(Needing).repository is fake
    assert container.resolve(Cache[int]) is ints


def test_two_objects_of_one_class_stay_apart() -> None:
    one, two = FakeRepository("one"), FakeRepository("two")
    container = create_test_container({Repository: one, object: two})
    assert container.resolve(Repository) is one  # type: ignore[type-abstract]
    assert container.resolve(object) is two


def test_a_class_under_two_keys_is_one_bean() -> None:
    container = create_test_container({Repository: FakeRepository, object: FakeRepository})
    assert container.resolve(Repository) is container.resolve(object)  # type: ignore[type-abstract]


def test_without_overrides_the_container_is_empty() -> None:
    assert create_test_container().definitions() == ()
