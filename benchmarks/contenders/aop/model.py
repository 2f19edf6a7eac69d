"""What every contender advises, and what its advice does."""

from time import perf_counter

now = perf_counter


class Stats:
    """Counts calls and adds up their time."""

    def __init__(self) -> None:
        self.calls = 0
        self.total = 0.0

    def add(self, seconds: float) -> None:
        self.calls += 1
        self.total += seconds

    def count(self) -> None:
        self.calls += 1


stats = [Stats(), Stats(), Stats()]


class Shop:
    """The bean; a contender brings its advice into methods of such a class."""

    def __init__(self) -> None:
        self.rate = 2

    def price(self, amount: int, discount: int = 0) -> int:
        return amount * self.rate - discount

    async def load(self, key: int, default: int = 0) -> int:
        return key * self.rate + default
