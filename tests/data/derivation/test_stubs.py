from typing import Any

import pytest

from pyfly.data.derivation.stubs import is_stub, stub_methods


async def dots() -> None: ...


async def docstring() -> None:
    """Says what it does."""


async def docstring_and_dots(name: str, *, size: int = 3) -> None:
    """Says what it does."""


async def passes() -> None:
    pass


def sync() -> None: ...


async def returns_a_constant() -> int:
    return 1


async def awaits() -> None:
    await dots()


def returns_its_argument(value: Any) -> Any:
    return value


async def raises_something() -> None:
    raise LookupError


async def raises() -> int:
    raise NotImplementedError


@pytest.mark.parametrize("function", [dots, docstring, docstring_and_dots, passes, sync, raises])
def test_a_body_that_does_nothing_is_a_stub(function: Any) -> None:
    assert is_stub(function)


@pytest.mark.parametrize(
    "function", [returns_a_constant, awaits, returns_its_argument, raises_something, len]
)
def test_a_body_that_does_something_is_not(function: Any) -> None:
    assert not is_stub(function)


def test_the_most_derived_definition_of_a_method_counts() -> None:
    class Root:
        def beyond(self) -> None: ...

    class Middle(Root):
        def first(self) -> None: ...

        def second(self) -> int:
            return 2

    class Bottom(Middle):
        def first(self) -> int:  # type: ignore[override]
            return 1

        def second(self) -> None: ...  # type: ignore[override]

    assert [name for name, _ in stub_methods(Bottom, Root)] == ["second"]
