"""What a right answer is, the same for every contender."""

from collections.abc import Callable
from typing import Any

from benchmarks.contenders.events.model import received

_HANDLERS = {"one_handler": 1, "three_handlers": 3}


def check(row: str, call: Callable[[], Any]) -> None:
    """Fail unless a publication has reached every handler when it returns."""
    before = received[0]
    call()
    assert received[0] - before == _HANDLERS[row], "not every handler was called"
    assert received[1] == {"id": 7, "sku": "tea"}, "not the payload"
