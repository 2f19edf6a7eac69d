"""The handles alone, over any source of beans."""

import pytest

from pyfly.container import Lazy, NoSuchBeanError, Provider
from pyfly.kernel.diagnosis import Diagnosis


class Numbers:
    """Yields 1, 2, 3 and so on, or nothing."""

    def __init__(self, *, empty: bool = False) -> None:
        self.empty = empty
        self.last = 0

    def get(self) -> int:
        if self.empty:
            raise NoSuchBeanError(Diagnosis("none"))
        self.last += 1
        return self.last

    async def aget(self) -> int:
        return self.get()

    def exists(self) -> bool:
        return not self.empty


async def test_a_provider_passes_every_question_on() -> None:
    handle = Provider[int](Numbers())
    assert [handle.get(), handle(), await handle.aget(), handle.get_or_none()] == [1, 2, 3, 4]


async def test_a_lazy_handle_keeps_the_first_answer_however_it_was_asked() -> None:
    handle = Lazy[int](Numbers())
    assert [await handle.aget(), handle.get(), handle(), handle.get_or_none()] == [1, 1, 1, 1]


@pytest.mark.parametrize("kind", [Provider, Lazy])
def test_without_a_bean_only_get_or_none_has_an_answer(kind: type[Provider[int]]) -> None:
    handle = kind(Numbers(empty=True))
    assert handle.get_or_none() is None
    with pytest.raises(NoSuchBeanError):
        handle.get()
