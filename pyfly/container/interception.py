"""Method interception: the one mechanism under ``@transactional``, derived queries and aspects.

Each advised class gets one generated subclass whose methods are compiled chains. Instances stay
instances of the original class, signatures are kept, and calls through ``self`` are advised too.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from types import FunctionType
from typing import Any, ClassVar, Final

from pyfly.container.metadata import generated_subclass

_ADVISED: Final = "_is_advised"  # marks generated classes, whose instances need no second chain

Method = Callable[..., Any]
Wrapper = Callable[[Method], Method]


class InterceptionOrder:
    """Where each kind of interceptor sits in the chain; the lowest is outermost."""

    SECURITY: Final = 100
    RESILIENCE: Final = 200
    CACHE: Final = 300
    METRICS: Final = 400
    TRANSACTION: Final = 500
    VALIDATION: Final = 600
    ASPECT: Final = 700
    IMPLEMENTATION: Final = 900


class MethodKind(Enum):
    """How a method is called and what it yields."""

    SYNC = "sync"
    ASYNC = "async"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async generator"


class MethodTarget:
    """A method of a bean, as an interceptor sees it when it decides."""

    __slots__ = ("bean_name", "cls", "function", "kind", "name")

    def __init__(self, bean_name: str, cls: type, name: str, function: Method) -> None:
        """Describe method *name* of *cls*."""
        self.bean_name = bean_name
        self.cls = cls
        self.name = name
        self.function = function
        self.kind = method_kind(function)

    def __repr__(self) -> str:
        return f"<{self.kind.value} method {self.cls.__qualname__}.{self.name}>"


class MethodInterceptor(ABC):
    """A bean that wraps methods of other beans.

    Interceptors are created before ordinary beans. What they need while methods run they take as
    ``Provider[T]``.
    """

    order: ClassVar[int] = InterceptionOrder.ASPECT

    @abstractmethod
    def intercept(self, target: MethodTarget) -> Wrapper | None:
        """Return what wraps *target*, or ``None`` to leave it alone.

        Called once for each method of each bean class while the context starts. The wrapper is given
        the next function of the chain and returns its replacement; both take ``self`` first.
        """


def method_kind(function: Method) -> MethodKind:
    """Return how *function* is called, from the flags of its code."""
    flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
    if flags & 0x200:  # CO_ASYNC_GENERATOR
        return MethodKind.ASYNC_GENERATOR
    if flags & 0x80:  # CO_COROUTINE
        return MethodKind.ASYNC
    return MethodKind.GENERATOR if flags & 0x20 else MethodKind.SYNC  # CO_GENERATOR


def advised_class(cls: type, bean_name: str, interceptors: Sequence[MethodInterceptor]) -> type:
    """Return a subclass of *cls* with its chains compiled, or *cls* itself when nothing applies."""
    overrides = {
        name: chain
        for name, function in _methods(cls)
        if (chain := _chain(MethodTarget(bean_name, cls, name, function), interceptors)) is not None
    }
    if not overrides:
        return cls
    return generated_subclass(cls, {_ADVISED: True, **overrides})


def advise_instance(bean: Any, bean_name: str, interceptors: Sequence[MethodInterceptor]) -> Any:
    """Give *bean*, made by a factory, the advised class; it stays the same object."""
    if _ADVISED in type(bean).__dict__:
        return bean
    advised = advised_class(type(bean), bean_name, interceptors)
    if advised is not type(bean):
        object.__setattr__(bean, "__class__", advised)
    return bean


def _methods(cls: type) -> Iterator[tuple[str, Method]]:
    effective: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if base is not object:
            effective.update(base.__dict__)
    for name, member in effective.items():
        if isinstance(member, FunctionType) and not name.startswith("__"):
            yield name, member


def _chain(target: MethodTarget, interceptors: Sequence[MethodInterceptor]) -> Method | None:
    wrappers = [wrap for each in interceptors if (wrap := each.intercept(target)) is not None]
    if not wrappers:
        return None
    chain: Method = target.function
    for wrap in reversed(wrappers):
        chain = wrap(chain)
    return functools.wraps(target.function)(chain)
