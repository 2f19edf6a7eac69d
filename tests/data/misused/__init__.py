"""A transaction around a method that is not awaited."""

from pyfly.container import service
from pyfly.data import transactional


@service
class Misused:
    @transactional
    def total(self) -> int:
        return 0
