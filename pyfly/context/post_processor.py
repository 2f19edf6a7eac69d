"""The extension point that sees every bean while it is created."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from pyfly.container.types import extension_point


@extension_point
@runtime_checkable
class BeanPostProcessor(Protocol):
    """Port: looks at, changes or replaces beans before anybody receives them.

    Every bean that has both methods is a post-processor. They are created before ordinary beans and
    called in ``@order``; they do not see each other, nor the beans they need themselves.
    """

    def before_init(self, bean: Any, bean_name: str) -> Any:
        """Return *bean* or a replacement; its ``@post_construct`` methods have not run yet."""

    def after_init(self, bean: Any, bean_name: str) -> Any:
        """Return *bean* or a replacement, which is what dependents receive."""
