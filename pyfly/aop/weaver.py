"""Weaving: finds the advice for a method and puts the compiled chain in its place."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from pyfly.aop._facts import MethodFacts
from pyfly.aop.advice import Advice, require_compatible
from pyfly.aop.chain import compile_chain
from pyfly.aop.registry import AspectRegistry
from pyfly.container.interception import (
    MethodInterceptor,
    MethodTarget,
    Wrapper,
    advised_class,
    interceptors_of,
    original_class,
)

Find = Callable[[MethodFacts], list[Advice]]


def weave_bean(bean: Any, qualified_prefix: str, registry: AspectRegistry) -> None:
    """Weave the aspects of *registry* into *bean*, which stays the same object.

    Args:
        bean: Any object whose class is written in Python; it gets a generated subclass of its class.
        qualified_prefix: What pointcuts see before the names of its methods: ``service.OrderService``.
        registry: The aspects.

    Raises:
        IncompatibleAdviceError: An advice cannot run around a method that its pointcut means.
    """
    weave(bean, (qualified_prefix,), registry.advice_for)


def weave(bean: Any, prefixes: tuple[str, ...], find: Find, bean_name: str = "") -> None:
    """Give *bean* a class in which the advice that *find* returns is woven."""
    cls = type(bean)
    advised = advised_class(cls, bean_name, (_InstanceWeaver(prefixes, find),))
    if advised is not cls:
        object.__setattr__(bean, "__class__", advised)


def woven_into(cls: type, method: str) -> set[tuple[type, str]]:
    """Return the aspect and the name of every advice that is known to what advises *method* of *cls*."""
    weavers = [each for each in interceptors_of(cls).get(method, ()) if isinstance(each, AdviceWeaver)]
    return {(advice.aspect, advice.name) for weaver in weavers for advice in weaver.woven}


class AdviceWeaver(MethodInterceptor):
    """Wraps methods in advice.

    Attributes:
        woven: Every advice that has been put somewhere.
    """

    def __init__(self) -> None:
        """Start with nothing woven."""
        self.woven: set[Advice] = set()

    @abstractmethod
    def advice_for(self, target: MethodTarget) -> list[Advice]:
        """Return the advice on *target*, outermost aspect first."""

    def intercept(self, target: MethodTarget) -> Wrapper | None:
        """Wrap *target* in its advice.

        Raises:
            IncompatibleAdviceError: One of them cannot run there.
        """
        advices = self.advice_for(target)
        if not advices:
            return None
        for advice in advices:
            require_compatible(advice, target)
        self.woven.update(advices)
        return lambda call: compile_chain(target, advices, call)


class _InstanceWeaver(AdviceWeaver):
    """Weaves what *find* returns into the class of one object."""

    def __init__(self, prefixes: tuple[str, ...], find: Find) -> None:
        super().__init__()
        self._prefixes = prefixes
        self._find = find

    def advice_for(self, target: MethodTarget) -> list[Advice]:
        return self._find(facts_of(target, self._prefixes))


def facts_of(target: MethodTarget, prefixes: tuple[str, ...]) -> MethodFacts:
    """Return what pointcuts may ask about *target*, whose names begin with *prefixes*."""
    names = tuple(f"{prefix}.{target.name}" for prefix in prefixes)
    return MethodFacts(original_class(target.cls), target.name, target.function, names, target.bean_name)
