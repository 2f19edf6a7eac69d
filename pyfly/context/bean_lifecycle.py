"""Initialises each bean at its creation, and calls its hooks before it goes."""

from collections.abc import Awaitable, Sequence
from typing import Any

from pyfly.container.creation import Steps
from pyfly.container.definition import BeanDefinition
from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import recorded_members
from pyfly.context.lifecycle import HookRecord
from pyfly.context.post_processor import BeanPostProcessor


class ContextBeanLifecycle:
    """before_init -> ``@post_construct`` -> after_init, all before anyone receives the bean."""

    def __init__(self) -> None:
        """Start without post-processors."""
        self.processors: Sequence[BeanPostProcessor] = ()
        self._hooks: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._initialized: dict[int, tuple[Any, Any]] = {}  # by id: the object as made, and what replaces it

    def concerns(self, definition: BeanDefinition) -> bool:
        """Say whether initialising a bean of the declared type does anything."""
        return bool(self.processors) or bool(self.hooks_of(definition.type)[0])

    def awaits(self, definition: BeanDefinition) -> bool:
        """Say whether a ``@post_construct`` method is async."""
        names = self.hooks_of(definition.type)[0]
        return any(method_kind(getattr(definition.type, name)) is MethodKind.ASYNC for name in names)

    def initialize(self, definition: BeanDefinition, bean: Any) -> Steps[Any]:
        """Run processors and hooks; return what dependents receive.

        An object that is a singleton under several names is initialised once.
        """
        if id(bean) in self._initialized:
            return self._initialized[id(bean)][1]
        made = bean
        for processor in self.processors:
            bean = processor.before_init(bean, definition.name)
        for name in self.hooks_of(type(bean))[0]:
            result = getattr(bean, name)()
            if isinstance(result, Awaitable):
                yield result
        for processor in self.processors:
            bean = processor.after_init(bean, definition.name)
        if definition.is_singleton:
            self._initialized[id(made)] = self._initialized[id(bean)] = (made, bean)
        return bean

    def has_destruction(self, definition: BeanDefinition) -> bool:
        """Say whether the bean has ``@pre_destroy`` methods; products of factories are asked later."""
        kind = type(definition.instance) if definition.created else definition.type
        return bool(self.hooks_of(kind)[1])

    def destroy(self, definition: BeanDefinition, bean: Any) -> Steps[None]:
        """Call every ``@pre_destroy`` method; the first failure is raised after the last was called."""
        first: Exception | None = None
        for name in self.hooks_of(type(bean))[1]:
            try:
                result = getattr(bean, name)()
                if isinstance(result, Awaitable):
                    yield result
            except Exception as error:  # noqa: BLE001  # one failing hook never costs another its turn
                first = first or error
        if first is not None:
            raise first

    def hooks_of(self, cls: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of the ``@post_construct`` and of the ``@pre_destroy`` methods of *cls*."""
        known = self._hooks.get(cls)
        if known is None:
            found = tuple(recorded_members(cls, HookRecord))
            known = self._hooks[cls] = (
                tuple(name for name, hook in found if hook.post_construct),
                tuple(name for name, hook in found if hook.pre_destroy),
            )
        return known
