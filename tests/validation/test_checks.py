from typing import Annotated

import pytest

from pyfly.container import Container
from pyfly.validation import Constraint, validated
from pyfly.validation.checks import problems_of


class Slow(Constraint[str]):
    async def is_valid(self, value: str) -> bool:
        return True


class Shop:
    @validated
    async def rename(self, name: Annotated[str, Slow]) -> None: ...


class SyncShop:
    @validated
    def rename(self, name: Annotated[str, Slow]) -> None: ...


def problems(*classes: type) -> list[str]:
    container = Container()
    for cls in classes:
        container.register(cls)
    return [str(each) for each in problems_of(container)]


def test_constraints_that_are_beans_are_fine() -> None:
    assert problems(Shop, Slow) == []


@pytest.mark.parametrize(
    ("classes", "complaint"),
    [
        ((Shop,), "needs the constraint Slow, and there is no such bean."),
        ((SyncShop, Slow), "cannot ask the constraint Slow."),
    ],
)
def test_a_constraint_that_cannot_be_asked_is_a_problem(classes: tuple[type, ...], complaint: str) -> None:
    (problem,) = problems(*classes)
    assert problem.startswith(f"{classes[0].__name__}.rename (tests/validation/test_checks.py:")
    assert problem.endswith(complaint)
