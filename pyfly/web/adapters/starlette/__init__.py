"""Starlette's request and response classes, and applications in its manner (extra ``web``)."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.adapters.starlette.adapter import StarletteWebAdapter
    from pyfly.web.adapters.starlette.app import create_app

__all__ = ["StarletteWebAdapter", "create_app"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "StarletteWebAdapter": "pyfly.web.adapters.starlette.adapter",
        "create_app": "pyfly.web.adapters.starlette.app",
    },
)
