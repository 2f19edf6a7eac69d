"""What a right answer is, the same for every contender."""

from collections.abc import Callable
from typing import Any


def check(row: str, call: Callable[[], Any]) -> None:
    """Fail unless *call* gives what the function gives."""
    assert call() == 42, f"{row} does not give the result of the function"
