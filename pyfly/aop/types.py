"""The values that advice works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class AdviceType(StrEnum):
    """When an advice runs."""

    BEFORE = "before"
    AFTER_RETURNING = "after_returning"
    AFTER_THROWING = "after_throwing"
    AFTER = "after"
    AROUND = "around"


@dataclass(slots=True)
class JoinPoint:
    """One call of an advised method, given to every advice that has a parameter for it.

    Attributes:
        target: The bean; the class, for class and static methods.
        method_name: The name of the method.
        args: The positional arguments as the caller wrote them.
        kwargs: The keyword arguments as the caller wrote them.
        return_value: What the method has returned, for ``after_returning`` and ``after``.
        exception: What it has raised, for ``after_throwing`` and ``after``.
        proceed: For ``around`` only: calls what is inside, with the same arguments or, if it is given any,
            with others instead; awaited for async methods. Every call of it is a call of the method.
    """

    target: Any
    method_name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    return_value: Any = None
    exception: BaseException | None = None
    proceed: Any = field(default=None, repr=False, compare=False)


def _unset(join_point: JoinPoint, name: str) -> None:
    """Compiled chains fill only the slots that a call needs; an empty one of the others means ``None``."""
    if name not in _OPTIONAL:
        raise AttributeError(f"{type(join_point).__name__!r} object has no attribute {name!r}")


_OPTIONAL = frozenset({"return_value", "exception", "proceed"})

# Set from outside, so that type checkers still know which attributes there are.
setattr(JoinPoint, "__getattr__", _unset)  # noqa: B010


@dataclass(frozen=True)
class AdviceBinding:
    """An advice of an aspect and the pointcut that it is bound to.

    Attributes:
        advice_type: ``before``, ``after_returning``, ``after_throwing``, ``after`` or ``around``.
        pointcut: The text of the pointcut.
        handler: The method of the aspect.
        aspect_order: The ``@order`` of the aspect; lower is further outside.
    """

    advice_type: str
    pointcut: str
    handler: Callable[..., Any]
    aspect_order: int
