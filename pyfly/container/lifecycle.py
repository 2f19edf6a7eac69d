"""The port through which a container has its beans initialised and destroyed."""

from __future__ import annotations

from typing import Any, Protocol

from pyfly.container.creation import Steps
from pyfly.container.definition import BeanDefinition


class BeanLifecycle(Protocol):
    """What happens to a bean right after it was made, and right before it goes.

    A container alone does nothing; an application context brings post-processors and hooks.
    """

    def concerns(self, definition: BeanDefinition) -> bool:
        """Say whether :meth:`initialize` does anything for *definition*."""

    def awaits(self, definition: BeanDefinition) -> bool:
        """Say whether initialising a bean of *definition* awaits something."""

    def initialize(self, definition: BeanDefinition, bean: Any) -> Steps[Any]:
        """Initialise *bean* and return it, or what replaces it. Nobody has received it yet."""

    def has_destruction(self, definition: BeanDefinition) -> bool:
        """Say whether :meth:`destroy` does anything for *definition*."""

    def destroy(self, definition: BeanDefinition, bean: Any) -> Steps[None]:
        """Call what *bean* wants called before it goes."""


class NoLifecycle:
    """The lifecycle of a container that stands alone."""

    def concerns(self, definition: BeanDefinition) -> bool:
        """Nothing is initialised."""
        return False

    def awaits(self, definition: BeanDefinition) -> bool:
        """Nothing is awaited."""
        return False

    def initialize(self, definition: BeanDefinition, bean: Any) -> Steps[Any]:
        """Return *bean* as it is."""
        yield from ()
        return bean

    def has_destruction(self, definition: BeanDefinition) -> bool:
        """Nothing is destroyed."""
        return False

    def destroy(self, definition: BeanDefinition, bean: Any) -> Steps[None]:
        """Do nothing."""
        yield from ()
