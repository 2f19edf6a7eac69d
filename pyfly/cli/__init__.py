"""The command line: ``pyfly new``, ``run``, ``config``, ``graph`` and ``info``. Only the command that is asked for is imported."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.cli.lazy_group import LazyGroup

__all__ = ["LazyGroup"]

__getattr__, __dir__ = lazy_exports(__name__, {"LazyGroup": "pyfly.cli.lazy_group"})
