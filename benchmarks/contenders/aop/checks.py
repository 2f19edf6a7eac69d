"""What a right answer is, the same for every contender."""

from collections.abc import Callable
from typing import Any

from benchmarks.contenders.aop.model import stats

_ADVICE = {"direct_sync": 0, "direct_async": 0, "around3_async": 3}


def check(row: str, call: Callable[[], Any]) -> None:
    """Fail unless *call* gives the right answer and the advice of *row* ran once each."""
    before = [each.calls for each in stats]
    assert call() == 20, "not the method's answer"
    ran = sum(each.calls - old for each, old in zip(stats, before, strict=True))
    assert ran == _ADVICE.get(row, 1), f"{ran} pieces of advice ran"
