"""Document stores. The adapters live below: ``mongodb`` is the one there is."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.document.properties import DocumentProperties as DocumentProperties

__all__ = ["DocumentProperties"]

__getattr__, __dir__ = lazy_exports(__name__, {"DocumentProperties": "pyfly.data.document.properties"})
