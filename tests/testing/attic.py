"""Beans that only some tests add."""

from pyfly.container import component, lazy


class Ladder:
    def height(self) -> int:
        return 0


@component
class LongLadder(Ladder):
    def height(self) -> int:
        return 9


@component
class ShortLadder(Ladder):
    def height(self) -> int:
        return 2


@component(name="ledger")
@lazy
class Ledger:
    def __init__(self) -> None:
        self.value = 1
