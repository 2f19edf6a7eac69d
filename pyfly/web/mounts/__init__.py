"""Applications of other frameworks below a path of this one: a bean of the type :class:`AsgiMount` each."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.mounts.mount import AsgiMount

__all__ = ["AsgiMount"]

__getattr__, __dir__ = lazy_exports(__name__, {"AsgiMount": "pyfly.web.mounts.mount"})
