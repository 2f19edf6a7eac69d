"""What puts policies around the methods of beans."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from pyfly.container.interception import Binding, InterceptionOrder, MethodInterceptor, MethodTarget
from pyfly.container.metadata import record_of
from pyfly.resilience.composition import compose, passing
from pyfly.resilience.policy import Function
from pyfly.resilience.records import ResilienceRecord
from pyfly.resilience.registry import PolicyRegistry


class ResilienceInterceptor(MethodInterceptor):
    """Guards the decorated methods of beans, around caching, transactions and aspects.

    A retry thus runs its attempts in transactions of their own.
    """

    order: ClassVar[int] = InterceptionOrder.RESILIENCE

    def __init__(self, registry: PolicyRegistry) -> None:
        """Take the policies from *registry*."""
        self._registry = registry

    def intercept(self, target: MethodTarget) -> Callable[[Function], Function] | None:
        """Wrap *target* if it is decorated."""
        found = record_of(target.function, ResilienceRecord)
        original = found.original if found is not None else None
        if found is None or original is None or not found.is_method:
            return None
        policies = self._registry.of(found, f"{target.cls.__name__}.{target.name}")

        def wrap(proceed: Function) -> Function:
            if target.binding is Binding.STATIC:
                static = partial(proceed, target.cls)
                return _after_class(compose(passing(static, found, original), policies, original))
            # Called straight from here, the method needs none of what its decorators put around it.
            inner = original if proceed is found.composed else passing(proceed, found, original)
            return compose(inner, policies, original)

        return wrap


def _after_class(guarded: Function) -> Function:
    """Return *guarded*, which guards a static method, as chains have it: with the class in front."""

    def static(_: type, /, *args: Any, **kwargs: Any) -> Any:
        return guarded(*args, **kwargs)

    return static
