"""Who counts as having a lifecycle."""

from pyfly.kernel.lifecycle import Lifecycle


class Started:
    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class OnlyStarted:
    async def start(self) -> None: ...


def test_having_both_methods_is_enough() -> None:
    assert isinstance(Started(), Lifecycle)
    assert issubclass(Started, Lifecycle)


def test_one_method_is_not_enough() -> None:
    assert not isinstance(OnlyStarted(), Lifecycle)
