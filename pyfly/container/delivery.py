"""How an injection point is satisfied: by a value that never changes, a handle, or a bean made anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from pyfly.container import explain
from pyfly.container.definition import BeanDefinition
from pyfly.container.graph import Link, is_proxied
from pyfly.container.providers import Lazy, Provider
from pyfly.container.resolution import Dependency, Shape
from pyfly.container.types import MISSING


class BeanSource(Protocol):
    """Where beans come from."""

    def obtain(self, definition: BeanDefinition) -> Any:
        """Return the bean of *definition* that belongs to the current scope."""

    async def aobtain(self, definition: BeanDefinition) -> Any:
        """Return the bean of *definition* that belongs to the current scope, awaiting its creation."""


class ValueResolver(Protocol):
    """Evaluates the expression of a ``Value``."""

    def __call__(self, expression: str, wanted: Any) -> Any:
        """Return what *expression* stands for, converted to the type *wanted*."""


class Delivery:
    """Delivers to the injection points of one container."""

    def __init__(self, source: BeanSource) -> None:
        """Deliver beans of *source*."""
        self._source = source
        self._proxies: dict[BeanDefinition, Any] = {}
        self.values: ValueResolver | None = None

    def fixed(self, owner: BeanDefinition, link: Link) -> Any:
        """Return the value of *link* that never changes, or ``MISSING`` when it is made each time."""
        if link.shape is Shape.PROVIDER:
            return Provider(BeanHandle(self._source, owner, link))
        if link.shape is not Shape.ONE:
            return MISSING if link.targets else link.dependency.default
        if not link.targets:
            return None if link.dependency.default is MISSING else link.dependency.default
        target = link.targets[0]
        if is_proxied(target):
            return self.proxy_of(target)
        if target.instance is None:
            self.checked(owner, link)(None)
        return target.instance

    def value_getter(self, owner: BeanDefinition, link: Link) -> Callable[[], Any]:
        """Return a function that evaluates *link* anew: a configuration value or a ``Lazy`` handle."""
        if link.shape is Shape.LAZY:
            return lambda: Lazy(BeanHandle(self._source, owner, link))
        return partial(self._value, owner, link.dependency)

    def checked(self, owner: BeanDefinition, link: Link) -> Callable[[Any], Any]:
        """Return a function that refuses ``None`` for *link* unless it is optional."""

        def check(bean: Any) -> Any:
            if bean is None and not link.dependency.optional:
                raise explain.returned_none(link.targets[0], owner, link.dependency)
            return bean

        return check

    def proxy_of(self, definition: BeanDefinition) -> Any:
        """Return the object that stands for a scoped bean in beans that live longer."""
        known = self._proxies.get(definition)
        if known is None:
            from pyfly.container.proxy import proxy  # few applications have scoped proxies

            known = self._proxies[definition] = proxy(
                definition.type, partial(self._source.obtain, definition)
            )
        return known

    def _value(self, owner: BeanDefinition, dependency: Dependency) -> Any:
        if self.values is None:
            raise explain.no_values(owner, dependency)
        return self.values(dependency.expression or "", dependency.wanted)


class BeanHandle:
    """What a ``Provider`` asks: the bean that satisfies one link."""

    __slots__ = ("_link", "_owner", "_source")

    def __init__(self, source: BeanSource, owner: BeanDefinition, link: Link) -> None:
        """Stand for the target of *link*, an injection point of *owner*."""
        self._source = source
        self._owner = owner
        self._link = link

    def get(self) -> Any:
        """Return the bean of the current scope."""
        return self._source.obtain(self._target())

    async def aget(self) -> Any:
        """Return the bean of the current scope, awaiting async factories."""
        return await self._source.aobtain(self._target())

    def exists(self) -> bool:
        """Say whether there is a bean at all."""
        return bool(self._link.targets)

    def _target(self) -> BeanDefinition:
        if not self._link.targets:
            raise explain.nothing_behind(self._owner, self._link.dependency)
        return self._link.targets[0]
