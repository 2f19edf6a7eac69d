"""What is verified about ``@validated`` before any bean is built."""

from collections.abc import Callable, Iterator
from typing import Any

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.interception import MethodKind, method_kind, targets_of
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.validation.constraints import is_async
from pyfly.validation.interceptor import said_of
from pyfly.validation.plan import plan_of

Function = Callable[..., Any]


def problems_of(container: Container) -> Iterator[WiringError]:
    """Yield what is wrong: annotations that cannot be checked, and constraints that nobody could ask."""
    for definition in container.definitions():
        for function in _marked(definition):
            yield from _wrong(container, definition, function)


def _marked(definition: BeanDefinition) -> Iterator[Function]:
    for target in targets_of(definition.type):
        if said_of(target.cls, target.name, target.function) is not None:
            yield target.function


def _wrong(container: Container, definition: BeanDefinition, function: Function) -> Iterator[WiringError]:
    subject = f"{definition.type.__name__}.{getattr(function, '__name__', '')} ({origin_of(function)})"
    try:
        plan = plan_of(function, returns=True)
    except Exception as error:  # noqa: BLE001  # building a validator runs the annotations' own code
        yield Problem(
            Diagnosis(f"{subject} cannot be validated.", (f"{error}.",), ("Correct the annotation.",)), error
        )
        return
    for constraint in sorted(plan.constraints, key=lambda each: each.__name__):
        if not container.definitions_of(constraint):
            yield Problem(
                Diagnosis(
                    f"{subject} needs the constraint {constraint.__name__}, and there is no such bean.",
                    (f"{constraint.__name__} ({origin_of(constraint)}) is not registered.",),
                    (f"Put @component on {constraint.__name__}, in a package that is scanned.",),
                )
            )
        if is_async(constraint) and method_kind(function) is not MethodKind.ASYNC:
            yield Problem(
                Diagnosis(
                    f"{subject} cannot ask the constraint {constraint.__name__}.",
                    (f"{constraint.__name__}.is_valid is async, and the method is not.",),
                    ("Write 'async def' for the method, or 'def' for is_valid.",),
                )
            )
