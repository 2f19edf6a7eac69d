"""Reads the signatures of ``@exception_handler`` methods: the exception, the request, beans. Runs at start-up."""

import inspect
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple, get_type_hints

from pyfly.web.binding.shapes import is_request


class Taken(Enum):
    """What an exception handler takes as an argument."""

    FAILURE = "failure"
    REQUEST = "request"
    BEAN = "bean"


class AdviceParameter(NamedTuple):
    """One parameter of an exception handler.

    Attributes:
        name: Its name, if it must be passed by name; empty otherwise.
        taken: What is passed.
        type: The type of a bean.
    """

    name: str
    taken: Taken
    type: Any = None


class UnknownParameterError(Exception):
    """Nothing says what a parameter of an exception handler should be."""

    fix = "Exception handlers take the exception, the Request, and beans by their class."


def read_advice(function: Callable[..., Any], is_bean: Callable[[type], bool]) -> tuple[AdviceParameter, ...]:
    """Return what the exception handler *function* takes.

    Raises:
        UnknownParameterError: A parameter is none of what there is.
    """
    hints = get_type_hints(function)
    found: list[AdviceParameter] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "self":
            continue
        taken = _taken(hints.get(name), is_bean)
        if taken is None and all(item.taken is not Taken.FAILURE for item in found):
            taken = Taken.FAILURE  # however it is annotated
        if taken is not None:
            passed = name if parameter.kind is inspect.Parameter.KEYWORD_ONLY else ""
            found.append(AdviceParameter(passed, taken, hints.get(name)))
        elif parameter.default is inspect.Parameter.empty:
            raise UnknownParameterError(f"nothing says what '{name}' is")
    return tuple(found)


def _taken(hint: Any, is_bean: Callable[[type], bool]) -> Taken | None:
    if is_request(hint):
        return Taken.REQUEST
    if not isinstance(hint, type):
        return None
    if issubclass(hint, BaseException):
        return Taken.FAILURE
    return Taken.BEAN if is_bean(hint) else None
