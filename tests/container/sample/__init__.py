"""A small application for tests of scanning."""

from pyfly.container import component

VALUES = ["a value that cannot be hashed"]


@component
class InThePackage: ...
