"""Method interception: the one mechanism under ``@transactional``, derived queries and aspects.

Each advised class gets one generated subclass whose members are compiled chains. Instances stay
instances of the original class, signatures are kept, and calls through ``self`` are advised too. Methods
of every kind can be wrapped: plain, class and static ones, the functions of properties, and any of them
sync, async or a generator.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Final

from pyfly.container._members import Binding, Method, Parameters, adopt_defaults, members_of, replacement
from pyfly.container.metadata import generated_subclass

__all__ = [
    "Binding",
    "InterceptionOrder",
    "Method",
    "MethodInterceptor",
    "MethodKind",
    "MethodTarget",
    "Parameters",
    "Wrapper",
    "adopt_defaults",
    "advise_instance",
    "advised_class",
    "interceptors_of",
    "method_kind",
    "original_class",
    "targets_of",
]

# On generated classes: which interceptors wrap which member. Their instances need no second chain.
_ADVISED: Final = "_pyfly_interceptors"

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
    """A method of a bean, as an interceptor sees it when it decides.

    Attributes:
        bean_name: The name of the bean.
        cls: Its class.
        name: The name of the member.
        function: Takes the bean first, or its class where *binding* says so. For a static method it is a
            stand-in that takes the class too and ignores it, so that all chains have the same form.
        binding: What kind of member it is: a method, a class or static method, a part of a property.
        kind: How it is called.
    """

    __slots__ = ("bean_name", "binding", "cls", "function", "kind", "name")

    def __init__(
        self, bean_name: str, cls: type, name: str, function: Method, binding: Binding = Binding.INSTANCE
    ) -> None:
        """Describe member *name* of *cls*."""
        self.binding = binding
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

        Called once for each method of each bean class while the context starts, for the functions of a
        property one by one. The wrapper is given the next function of the chain and returns its
        replacement; both take the bean first, those of class and static methods the class.
        """


def method_kind(function: Method) -> MethodKind:
    """Return how *function* is called, from the flags of its code or of what it wraps."""
    while True:
        flags = getattr(getattr(function, "__code__", None), "co_flags", 0)
        if flags & 0x200:  # CO_ASYNC_GENERATOR
            return MethodKind.ASYNC_GENERATOR
        if flags & 0x80:  # CO_COROUTINE
            return MethodKind.ASYNC
        if flags & 0x20:  # CO_GENERATOR
            return MethodKind.GENERATOR
        wrapped = getattr(function, "__wrapped__", None)
        if wrapped is None or wrapped is function:
            return MethodKind.SYNC
        function = wrapped


def advised_class(cls: type, bean_name: str, interceptors: Sequence[MethodInterceptor]) -> type:
    """Return a subclass of *cls* with its chains compiled, or *cls* itself when nothing applies."""
    weaving = _Weaving(cls, bean_name, interceptors)
    overrides = weaving.overrides()
    if not overrides:
        return cls
    return generated_subclass(cls, {_ADVISED: {**interceptors_of(cls), **weaving.applied}, **overrides})


def advise_instance(
    bean: Any,
    bean_name: str,
    interceptors: Sequence[MethodInterceptor],
    known: MutableMapping[tuple[type, str], type] | None = None,
) -> Any:
    """Give *bean*, made by a factory, the advised class; it stays the same object.

    Args:
        bean: The object.
        bean_name: Its name.
        interceptors: What may wrap its methods.
        known: The classes generated for the same interceptors before, so that a factory of short-lived
            beans does not get one for each.
    """
    cls = type(bean)
    there = {id(each) for applied in interceptors_of(cls).values() for each in applied}
    if not interceptors or any(id(each) in there for each in interceptors):
        return bean
    advised = None if known is None else known.get((cls, bean_name))
    if advised is None:
        advised = advised_class(cls, bean_name, interceptors)
        if known is not None:
            known[cls, bean_name] = advised
    if advised is not cls:
        object.__setattr__(bean, "__class__", advised)
    return bean


def targets_of(cls: type, bean_name: str = "") -> list[MethodTarget]:
    """Return every method of *cls* that interceptors are asked about."""
    found: list[MethodTarget] = []

    def note(name: str, function: Method, binding: Binding) -> None:
        found.append(MethodTarget(bean_name, cls, name, function, binding))

    for name, member in members_of(cls):
        replacement(cls, name, member, note)
    return found


def interceptors_of(cls: type) -> Mapping[str, tuple[MethodInterceptor, ...]]:
    """Return the interceptors on each member of *cls*, outermost first; empty unless *cls* is advised."""
    return getattr(cls, _ADVISED, None) or {}


def original_class(cls: type) -> type:
    """Return the class as it was written, for one that may be advised."""
    while _ADVISED in cls.__dict__:
        cls = cls.__mro__[1]
    return cls


class _Weaving:
    """Asks the interceptors about every member of one class."""

    def __init__(self, cls: type, bean_name: str, interceptors: Sequence[MethodInterceptor]) -> None:
        self._cls = cls
        self._bean_name = bean_name
        self._interceptors = interceptors
        self.applied: dict[str, tuple[MethodInterceptor, ...]] = {}

    def overrides(self) -> dict[str, Any]:
        return {
            name: member
            for name, original in members_of(self._cls)
            if (member := replacement(self._cls, name, original, self._chain)) is not None
        }

    def _chain(self, name: str, function: Method, binding: Binding) -> Method | None:
        target = MethodTarget(self._bean_name, self._cls, name, function, binding)
        found = [(each, wrap) for each in self._interceptors if (wrap := each.intercept(target)) is not None]
        if not found:
            return None
        chain = function
        for _, wrap in reversed(found):
            chain = wrap(chain)
        self.applied[name] = tuple(dict.fromkeys((*self.applied.get(name, ()), *(each for each, _ in found))))
        return functools.wraps(function)(chain)
