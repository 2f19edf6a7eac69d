"""Filters by operator and by example; see :mod:`pyfly.data.specification`."""

from pyfly.data.specification import FilterOperator, FilterUtils

__all__ = ["FilterOperator", "FilterUtils"]
