"""Turning the arguments of a call into the payload of an event."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import FunctionType, ModuleType
from typing import Any, Final

from pyfly.kernel.codegen import SourceBuilder

_RECEIVERS: Final = frozenset({"self", "cls"})
_AS_THEY_ARE: Final = (str, bytes, int, float, bool, type(None), type, Enum, FunctionType, ModuleType)

_STARS: Final[dict[object, str]] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}

Binder = Callable[..., dict[str, Any]]


def argument_binder(function: Callable[..., Any]) -> Binder:
    """Return a function with the parameters of *function* that gives their values by name.

    The object a method is called on is left out. The signature is read here, once.
    """
    parameters = list(inspect.signature(function).parameters.values())
    builder = SourceBuilder(function.__name__ if function.__name__.isidentifier() else "call")
    declared = ", ".join(_declared(parameters, builder))
    with builder.block(f"def {builder.name}({declared}):"):
        given = [each.name for each in parameters[int(has_receiver(function)) :]]
        builder.line(f"return {{{', '.join(f'{name!r}: {name}' for name in given)}}}")
    return builder.compile()


def has_receiver(function: Callable[..., Any]) -> bool:
    """Say whether *function* is written as a method: its first parameter is ``self`` or ``cls``."""
    code = inspect.unwrap(function).__code__
    return code.co_argcount > 0 and code.co_varnames[0] in _RECEIVERS


def plain(value: Any) -> Any:
    """Return *value* as data: objects become dictionaries of their public fields, at every depth.

    What is returned shares no container with *value*. An object that contains itself is written as text there.
    """
    return _plain(value, ())


def _declared(parameters: list[inspect.Parameter], builder: SourceBuilder) -> list[str]:
    declared: list[str] = []
    marks = {"*": False, "/": False}
    for each in parameters:
        if each.kind is not each.POSITIONAL_ONLY and marks["/"]:
            declared.append("/")
            marks["/"] = False
        if each.kind is each.POSITIONAL_ONLY:
            marks["/"] = True
        if each.kind is each.KEYWORD_ONLY and not marks["*"]:
            declared.append("*")
        marks["*"] = marks["*"] or each.kind in {each.VAR_POSITIONAL, each.KEYWORD_ONLY}
        declared.append(_parameter(each, builder))
    if marks["/"]:
        declared.append("/")
    return declared


def _parameter(each: inspect.Parameter, builder: SourceBuilder) -> str:
    stars = _STARS.get(each.kind, "")
    if each.default is each.empty:
        return stars + each.name
    return f"{each.name}={builder.constant(each.default, f'default_{each.name}')}"


def _plain(value: Any, outer: tuple[int, ...]) -> Any:
    if isinstance(value, _AS_THEY_ARE):
        return value
    if id(value) in outer:
        return repr(value)
    inner = (*outer, id(value))
    if isinstance(value, Mapping):
        return {key: _plain(item, inner) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, inner) for item in value]
    contents = _contents(value)
    return value if contents is None else {name: _plain(item, inner) for name, item in contents.items()}


def _contents(value: Any) -> dict[str, Any] | None:
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    own = getattr(value, "__dict__", None)
    if not isinstance(own, dict):
        return None
    return {name: item for name, item in own.items() if not name.startswith("_")}
