"""Refuses what pages of other origins make browsers do with the cookies of their visitors."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.csrf.properties import CsrfProperties

__all__ = ["CsrfProperties"]

__getattr__, __dir__ = lazy_exports(__name__, {"CsrfProperties": "pyfly.web.csrf.properties"})
