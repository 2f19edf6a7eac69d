"""Aspects as an application has them: the decorator alone, scanned, started, used."""

import logging
from pathlib import Path

import pytest

from pyfly.aop import AspectBeanPostProcessor, AspectReport, UnusedPointcut
from pyfly.container import BeanGraphError
from pyfly.container.interception import interceptors_of
from pyfly.core import PyFlyApplication, pyfly_application
from tests.aop.shop.audit import Timing
from tests.aop.shop.ledger import Ledger
from tests.aop.shop.orders import Clock, OrderService
from tests.container.support import picture


@pyfly_application(name="shop", scan_packages=["tests.aop.shop"])
class Shop:
    """The application of these tests."""


@pyfly_application(name="misspelt", scan_packages=["tests.aop.misspelt"])
class Misspelt:
    """An application whose aspects cannot work."""


def application(app: type, folder: Path, *lines: str) -> PyFlyApplication:
    file = folder / "pyfly.yaml"
    file.write_text("\n".join(["pyfly:", "  banner:", "    mode: 'OFF'", *lines]) + "\n")
    return PyFlyApplication(app, config_path=file)


async def test_the_decorator_alone_weaves_advice_into_other_beans(tmp_path: Path) -> None:
    async with application(Shop, tmp_path) as app:
        orders = app.context.get_bean(OrderService)
        assert await orders.place("tea") == "order of tea"
        with pytest.raises(LookupError):
            await orders.place("nothing")
        assert app.context.get_bean(Ledger).lines == [
            "before place ('tea',)",
            "returned order of tea",
            "after",
            "before place ('nothing',)",
            "thrown LookupError('nothing')",
            "after",
        ]


async def test_a_bean_that_an_aspect_needs_is_advised_as_well(tmp_path: Path) -> None:
    async with application(Shop, tmp_path) as app:
        app.context.get_bean(Ledger).add("x")
        assert app.context.get_bean(Timing).calls == ["ledger"]


async def test_products_of_factories_are_advised_and_share_one_generated_class(tmp_path: Path) -> None:
    async with application(Shop, tmp_path) as app:
        first, second = app.context.get_bean(Clock), app.context.get_bean(Clock)
        assert (first.tick(), second.tick()) == (5, 5)
        assert app.context.get_bean(Timing).calls == ["tick", "tick"]
        assert type(first) is type(second)


async def test_a_pointcut_that_means_nothing_warns_at_start_and_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "pyfly.aop"):
        async with application(Shop, tmp_path) as app:
            (unused,) = app.context.get_bean(AspectReport).unused
    assert isinstance(unused, UnusedPointcut)
    assert (unused.advice, unused.pointcut) == ("Audit.unused", "bean(nobody)")
    assert "the pointcut 'bean(nobody)' of Audit.unused (tests/aop/shop/audit.py:" in str(unused)
    assert [each.getMessage() for each in caplog.records if each.name == "pyfly.aop"] == [str(unused)]


async def test_the_report_tells_which_advice_is_on_which_method(tmp_path: Path) -> None:
    async with application(Shop, tmp_path) as app:
        report = app.context.get_bean(AspectReport)
        assert report.advice_on("OrderService", "place") == (
            "around Timing.measure",
            "before Audit.check",
            "after_returning Audit.returned",
            "after_throwing Audit.thrown",
            "after Audit.ended",
        )
        assert report.advice_on("OrderService", "nothing") == ()
        assert "Ledger: tests.aop.shop.ledger.Ledger.add <- before Timing.counted" in str(report)


async def test_a_post_processor_beside_it_weaves_nothing_twice(tmp_path: Path) -> None:
    app = application(Shop, tmp_path)
    app.context.register_post_processor(AspectBeanPostProcessor())
    async with app:
        await app.context.get_bean(OrderService).place("tea")
        assert app.context.get_bean(Ledger).lines.count("after") == 1
        assert app.context.get_bean(Timing).calls == ["place", "ledger", "ledger", "ledger"]


async def test_the_switch_turns_aspects_off(tmp_path: Path) -> None:
    async with application(Shop, tmp_path, "  aop:", "    enabled: false") as app:
        assert type(app.context.get_bean(OrderService)) is OrderService
        assert interceptors_of(OrderService) == {}


async def test_every_mistake_is_told_before_any_bean_is_built(tmp_path: Path) -> None:
    with pytest.raises(BeanGraphError) as failure:
        async with application(Misspelt, tmp_path):
            pass
    text = "\n".join(picture(problem) for problem in failure.value.problems)
    assert (
        "The pointcut 'service.* nad bean(x)' cannot be read: expected 'and' or 'or' at position 10" in text
    )
    assert "@annotation(tests.aop.shop.audit.audted) names no decorator that marks methods." in text
    assert "Did you mean 'audited'?" in text
    assert "Late.hurry (tests/aop/misspelt/aspects.py:N) cannot advise Worker.work" in text
    assert "Worker.work is a sync method, and hurry, an async function, would never run there." in text
    assert "The aspect Short (tests/aop/misspelt/aspects.py:N) is not a singleton." in text
    assert "Greedy.many (tests/aop/misspelt/aspects.py:N) cannot be @before advice" in text
    assert len(failure.value.problems) == 5
