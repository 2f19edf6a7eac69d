"""What is verified about ``@validated`` before any bean is built."""

import sys
from collections.abc import Iterable, Iterator

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.interception import MethodKind, method_kind
from pyfly.kernel.diagnosis import Diagnosis


class ValidatedCheck(GraphCheck):
    """Reports annotations that cannot be checked, and constraints that nobody could ask."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        if "pyfly.validation.decorators" not in sys.modules:
            return  # Nobody can have used the decorator.
        for definition in container.definitions():
            for function in _marked(definition):
                yield from _wrong(container, definition, function)


def _marked(definition: BeanDefinition) -> Iterator[object]:
    from pyfly.validation.interceptor import said_of

    for name in dir(definition.type):
        function = None if name.startswith("__") else _function(definition.type, name)
        if function is not None and said_of(definition.type, name, function) is not None:
            yield function


def _function(cls: type, name: str) -> object:
    import inspect  # looks a member up without evaluating properties

    member = inspect.getattr_static(cls, name)
    return member if inspect.isfunction(member) else None


def _wrong(container: Container, definition: BeanDefinition, function: object) -> Iterator[WiringError]:
    from pyfly.validation.constraints import is_async
    from pyfly.validation.plan import plan_of

    subject = f"{definition.type.__name__}.{getattr(function, '__name__', '')} ({origin_of(function)})"
    try:
        plan = plan_of(function, returns=True)  # type: ignore[arg-type]  # it is a function
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
