"""Views: pages that ``@controller`` classes answer with, made of templates."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.views.types import Redirect, View, view

__all__ = ["Redirect", "View", "view"]

__getattr__, __dir__ = lazy_exports(__name__, dict.fromkeys(__all__, "pyfly.web.views.types"))
