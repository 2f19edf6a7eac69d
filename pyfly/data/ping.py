"""Whether a database answers."""

from pyfly.kernel.record import Record


class Ping(Record):
    """Whether a database answered; true when it did, else with the *reason*."""

    is_up: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.is_up
