"""Bounds of the framework's own settings, which look like those of ``annotated_types``.

That package costs a start more than all settings together; who uses it in settings of an application may do so.
"""

from typing import Any, NamedTuple


class Ge(NamedTuple):
    """At least this."""

    ge: Any


class Gt(NamedTuple):
    """More than this."""

    gt: Any


class Le(NamedTuple):
    """At most this."""

    le: Any
