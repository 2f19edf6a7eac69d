"""What a right answer is, the same for every contender."""

from collections.abc import Callable
from types import ModuleType
from typing import Any


def check(row: str, call: Callable[[], Any]) -> None:
    """Fail unless *row* gave imported modules (core) or classes and functions (the other rows)."""
    answers = call()
    assert isinstance(answers, tuple), "no answer"
    for answer in answers:
        assert isinstance(answer, ModuleType) if row == "core" else callable(answer), f"{answer!r} is not it"
