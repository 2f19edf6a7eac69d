"""What a right answer is, the same for every contender."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.contenders.boot.model import dependencies


def check(row: str, call: Callable[[], Sequence[Any]]) -> None:
    """Fail unless the answer holds every bean once and each has the very beans that it needs."""
    size = int(row.rpartition("_")[2])
    beans = {int(type(bean).__name__.removeprefix("Bean")): bean for bean in call()}
    assert beans.keys() == set(range(size)), "not every bean"
    assert beans[0].made, "bean 0 was not made"
    for index in range(1, size):
        one, two = dependencies(index)
        assert beans[index].one is beans[one], "a dependency is not the singleton"
        assert beans[index].two is beans[two], "a dependency is not the singleton"
