from typing import Annotated

import pytest
from annotated_types import Ge

from pyfly.container import Container, service
from pyfly.container.interception import MethodTarget
from pyfly.context import ApplicationContext
from pyfly.core.config import Config
from pyfly.kernel.exceptions import ValidationException
from pyfly.validation import InvalidResultException, ValidationInterceptor, validated


@validated
class Base:
    def inherited(self, size: Annotated[int, Ge(1)]) -> int:
        return size

    def unannotated(self, size):  # type: ignore[no-untyped-def]  # noqa: ANN001
        return size


class Derived(Base):
    def own(self, size: Annotated[int, Ge(1)]) -> int:
        return size

    @validated(returns=False)
    def lenient(self) -> Annotated[int, Ge(1)]:
        return 0

    @validated
    def _private(self, size: Annotated[int, Ge(1)]) -> int:
        return size

    def _unmarked(self, size: Annotated[int, Ge(1)]) -> int:
        return size


class Unmarked:
    def own(self, size: Annotated[int, Ge(1)]) -> int:
        return size


def is_wrapped(cls: type, name: str) -> bool:
    target = MethodTarget("bean", cls, name, getattr(cls, name))
    return ValidationInterceptor(Container()).intercept(target) is not None


def test_public_methods_of_a_marked_class_and_of_its_subclasses_are_wrapped() -> None:
    assert is_wrapped(Base, "inherited")
    assert is_wrapped(Derived, "inherited")
    assert is_wrapped(Derived, "own")
    assert not is_wrapped(Unmarked, "own")


def test_a_private_method_is_wrapped_only_if_it_is_marked_itself() -> None:
    assert is_wrapped(Derived, "_private")
    assert not is_wrapped(Derived, "_unmarked")


def test_a_method_that_asks_for_nothing_costs_nothing() -> None:
    assert not is_wrapped(Base, "unannotated")


def test_what_a_method_says_wins_over_its_class() -> None:
    assert not is_wrapped(Derived, "lenient")


@service
@validated
class Members:
    _size = 0

    @staticmethod
    def static(size: Annotated[int, Ge(1)]) -> int:
        return size

    @classmethod
    def of_class(cls, size: Annotated[int, Ge(1)]) -> int:
        return size

    @property
    def size(self) -> Annotated[int, Ge(0)]:
        return self._size

    @size.setter
    def size(self, size: Annotated[int, Ge(-1)]) -> None:
        self._size = size


async def test_static_and_class_methods_and_properties_are_checked_too() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(Members)
    async with context:
        members = context.get_bean(Members)
        assert (members.static(1), members.of_class(1)) == (1, 1)
        for call in (members.static, members.of_class):
            with pytest.raises(ValidationException):
                call(0)
        with pytest.raises(ValidationException):
            members.size = -2
        members.size = -1
        with pytest.raises(InvalidResultException, match="size"):
            _ = members.size
