"""A transaction around a method that is suspended between its rows."""

from collections.abc import Iterator

from pyfly.container import service
from pyfly.data import transactional


@service
class Misused:
    @transactional
    def total(self) -> Iterator[int]:
        yield 0
