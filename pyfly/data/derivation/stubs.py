"""Which methods of a class have an empty body, and so are waiting to be implemented."""

import dis
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any


def stub_methods(cls: type, until: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield ``(name, function)`` for methods without a body that *cls* has beyond those of *until*.

    The most derived definition counts: a real method hides the stub of a base, and the other way round.
    """
    seen: set[str] = set()
    for base in cls.__mro__:
        if base is until or base in until.__mro__:
            continue
        for name, member in vars(base).items():
            if name not in seen and isinstance(member, FunctionType):
                seen.add(name)
                if is_stub(member):
                    yield name, member


def is_stub(function: Callable[..., Any]) -> bool:
    """Return whether the body is nothing but a docstring, ``...``, ``pass`` or ``raise NotImplementedError``."""
    return isinstance(function, FunctionType) and _outline(function) in _EMPTY


def _outline(function: Callable[..., Any]) -> list[tuple[str, Any]]:
    return [(step.opname, step.argval) for step in dis.get_instructions(function) if step.opname != "NOP"]


def _empty() -> None: ...


async def _empty_async() -> None: ...


def _raising() -> None:
    raise NotImplementedError


async def _raising_async() -> None:
    raise NotImplementedError


_EMPTY = [_outline(each) for each in (_empty, _empty_async, _raising, _raising_async)]
