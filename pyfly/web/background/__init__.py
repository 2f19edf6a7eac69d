"""Background tasks: what a handler leaves to be done after its response."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.background.tasks import BackgroundTasks

__all__ = ["BackgroundTasks"]

__getattr__, __dir__ = lazy_exports(__name__, {"BackgroundTasks": "pyfly.web.background.tasks"})
