"""The members of a class that can be wrapped, and how a wrapped one is put back in its place."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from enum import Enum
from types import FunctionType, MethodType
from typing import Any

Method = Callable[..., Any]


class Binding(Enum):
    """What a function of a class is reached through, and therefore what it takes first."""

    INSTANCE = "method"
    CLASS = "class method"
    STATIC = "static method"
    GETTER = "property"
    SETTER = "property setter"
    DELETER = "property deleter"


Chain = Callable[[str, Method, Binding], "Method | None"]
"""Returns what replaces the function of a member, or ``None`` when nothing does."""


class Parameters:
    """The parameters of a function as source text, for a generated function of the same signature."""

    __slots__ = ("call", "first", "names", "text")

    def __init__(self, function: Method) -> None:
        """Read the signature from the code of *function*; defaults are left to :func:`adopt_defaults`."""
        code = function.__code__
        named = code.co_argcount + code.co_kwonlyargcount
        stars = bool(code.co_flags & 4), bool(code.co_flags & 8)  # CO_VARARGS, CO_VARKEYWORDS
        self.names = code.co_varnames[: named + sum(stars)]
        positional = list(self.names[: code.co_argcount])
        keywords = self.names[code.co_argcount : named]
        star = [f"*{self.names[named]}"] if stars[0] else []
        double = [f"**{self.names[-1]}"] if stars[1] else []
        self.first = positional[0] if positional else ""
        only = code.co_posonlyargcount
        declared = [*positional[:only], "/", *positional[only:]] if only else positional
        self.text = ", ".join([*declared, *(star or (["*"] if keywords else [])), *keywords, *double])
        self.call = ", ".join([*positional, *star, *(f"{name}={name}" for name in keywords), *double])


def adopt_defaults(generated: Method, function: Method) -> None:
    """Give *generated*, which has the parameters of *function*, the same defaults."""
    generated.__defaults__ = function.__defaults__
    generated.__kwdefaults__ = function.__kwdefaults__


def members_of(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the effective members of *cls* that :func:`replacement` knows, special methods apart."""
    effective: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if base is not object:
            effective.update(base.__dict__)
    for name, member in effective.items():
        if type(member) in _REPLACE and not name.startswith("__"):
            yield name, member


def replacement(cls: type, name: str, member: Any, chain: Chain) -> Any:
    """Return the member that takes the place of *member* in a subclass of *cls*, or ``None`` for none."""
    return _REPLACE[type(member)](cls, name, member, chain)


def _function(_: type, name: str, member: FunctionType, chain: Chain) -> Any:
    return chain(name, member, Binding.INSTANCE)


def _class_method(_: type, name: str, member: classmethod[Any, Any, Any], chain: Chain) -> Any:
    if not isinstance(member.__func__, FunctionType):
        return None
    wrapped = chain(name, member.__func__, Binding.CLASS)
    return None if wrapped is None else classmethod(wrapped)


def _static_method(cls: type, name: str, member: staticmethod[Any, Any], chain: Chain) -> Any:
    if not isinstance(member.__func__, FunctionType):
        return None
    wrapped = chain(name, _taking_the_class(member.__func__), Binding.STATIC)
    return None if wrapped is None else staticmethod(MethodType(wrapped, cls))


def _taking_the_class(function: FunctionType) -> Method:
    """Return *function* with one parameter more in front, as chains have it, which it ignores."""
    from pyfly.kernel.codegen import SourceBuilder  # most applications have no static methods in beans

    parameters = Parameters(function)
    builder = SourceBuilder("static")
    call = builder.constant(function, "pyfly_static")
    first = "cls"
    while first in parameters.names:
        first += "_"
    positional_only = "" if "/" in parameters.text.split(", ") else "/, "
    keyword = {0x200: "async ", 0x80: "async "}.get(function.__code__.co_flags & 0x280, "")
    with builder.block(f"{keyword}def static({first}, {positional_only}{parameters.text}):"):
        for line in _forward(function.__code__.co_flags, f"{call}({parameters.call})"):
            builder.line(line)
    generated = builder.compile()
    adopt_defaults(generated, function)
    for attribute in ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__"):
        setattr(generated, attribute, getattr(function, attribute))
    generated.__dict__.update(function.__dict__)
    return generated


def _forward(flags: int, call: str) -> list[str]:
    """The body of a function of the colour that *flags* tell, which is nothing but *call*."""
    if flags & 0x200:  # CO_ASYNC_GENERATOR
        return [f"async for each in {call}:", "    yield each"]
    if flags & 0x80:  # CO_COROUTINE
        return [f"return await {call}"]
    return [f"return (yield from {call})" if flags & 0x20 else f"return {call}"]  # CO_GENERATOR


def _property(_: type, name: str, member: property, chain: Chain) -> Any:
    def wrapped(function: Any, binding: Binding) -> Any:
        return chain(name, function, binding) if isinstance(function, FunctionType) else None

    read = wrapped(member.fget, Binding.GETTER)
    write = wrapped(member.fset, Binding.SETTER)
    delete = wrapped(member.fdel, Binding.DELETER)
    if not (read or write or delete):
        return None
    return property(read or member.fget, write or member.fset, delete or member.fdel, member.__doc__)


def _cached_property(_: type, name: str, member: functools.cached_property[Any], chain: Chain) -> Any:
    wrapped = chain(name, member.func, Binding.GETTER)
    return None if wrapped is None else functools.cached_property(wrapped)


def _partial_method(_: type, name: str, member: functools.partialmethod[Any], chain: Chain) -> Any:
    if not isinstance(member.func, FunctionType):
        return None
    wrapped = chain(name, member.func, Binding.INSTANCE)
    return None if wrapped is None else functools.partialmethod(wrapped, *member.args, **member.keywords)


def _single_dispatch(_: type, name: str, member: functools.singledispatchmethod[Any], chain: Chain) -> Any:
    def dispatch(this: Any, /, *args: Any, **kwargs: Any) -> Any:
        return member.__get__(this, type(this))(*args, **kwargs)

    return chain(name, functools.wraps(member.func)(dispatch), Binding.INSTANCE)


_REPLACE: dict[type, Callable[[type, str, Any, Chain], Any]] = {
    FunctionType: _function,
    classmethod: _class_method,
    staticmethod: _static_method,
    property: _property,
    functools.cached_property: _cached_property,
    functools.partialmethod: _partial_method,
    functools.singledispatchmethod: _single_dispatch,
}
