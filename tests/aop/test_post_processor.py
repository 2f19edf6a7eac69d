"""Weaving by post-processor, alone and beside the application's own weaving."""

from collections.abc import Sequence

import pytest

from pyfly.aop import AspectBeanPostProcessor, aspect, before
from pyfly.container import component, service
from pyfly.context import ApplicationContext
from pyfly.core.config import Config

NAMES = [{}, {"pyfly": {"aop": {"enabled": False}}}]


@aspect
class Counting:
    def __init__(self) -> None:
        self.calls = 0

    @before("service.Orders.* or **.Plain.*")
    def count(self) -> None:
        self.calls += 1

    @before("aspect.*.*")
    def never(self) -> None:
        raise AssertionError("aspects are not woven")


@service
class Orders:
    def place(self) -> None: ...


class Plain:
    def work(self) -> None: ...


@component
class Needing:
    def __init__(self, counting: Counting) -> None: ...


async def started(
    config: dict[str, object], classes: Sequence[type], *processors: object
) -> ApplicationContext:
    context = ApplicationContext(Config(config))
    for cls in classes:
        context.register_bean(cls)
    for processor in processors:
        context.register_post_processor(processor)  # type: ignore[arg-type]
    await context.start()
    return context


def test_without_aspects_a_bean_is_returned_as_it_is() -> None:
    orders = Orders()
    assert AspectBeanPostProcessor().after_init(orders, "orders") is orders
    assert type(orders) is Orders


def test_collected_aspects_are_woven_by_stereotype_and_by_module_and_never_into_aspects() -> None:
    processor, counting, orders, plain = AspectBeanPostProcessor(), Counting(), Orders(), Plain()
    assert processor.before_init(counting, "counting") is counting
    assert processor.after_init(counting, "counting") is counting
    assert processor.after_init(orders, "orders") is orders
    assert processor.after_init(plain, "plain") is plain
    orders.place()
    plain.work()
    counting.count()
    assert counting.calls == 3


@pytest.mark.parametrize("config", NAMES, ids=["aspects on", "aspects off"])
@pytest.mark.parametrize("count", [1, 2])
async def test_registered_by_hand_it_weaves_once(config: dict[str, object], count: int) -> None:
    processors = [AspectBeanPostProcessor() for _ in range(count)]
    context = await started(config, [Counting, Needing, Orders], *processors)
    context.get_bean(Orders).place()
    assert context.get_bean(Counting).calls == 1
    await context.stop()


@pytest.mark.parametrize("classes", [[Orders, Counting], [Counting, Orders]], ids=["before", "after"])
async def test_the_application_weaves_whatever_the_order_of_registration(classes: list[type]) -> None:
    context = await started({}, classes)
    context.get_bean(Orders).place()
    assert context.get_bean(Counting).calls == 1
    await context.stop()
