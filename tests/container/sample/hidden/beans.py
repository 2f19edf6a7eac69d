"""A bean of the hidden package."""

from pyfly.container import component


@component
class Hidden: ...
