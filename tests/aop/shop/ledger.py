"""A bean that an aspect needs and that is advised."""

from pyfly.container import component


@component
class Ledger:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, line: str) -> None:
        self.lines.append(line)
