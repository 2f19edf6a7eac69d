import asyncio
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pyfly.container import BeanGraphError, component
from pyfly.context import ContextRefreshedEvent
from pyfly.core import pyfly_application
from pyfly.testing import PyFlyTest, check_application
from tests.testing.shop import BUILT, Bell, Mailer, Shop, ShopProperties


@pytest.fixture(autouse=True)
def built() -> Iterator[list[str]]:
    BUILT.clear()
    yield BUILT
    BUILT.clear()


async def test_properties_of_a_test_win_over_files_and_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyfly.yaml").write_text("shop:\n  currency: USD\n  patience: 1s\n")
    monkeypatch.setenv("PYFLY_SHOP_CURRENCY", "GBP")
    properties = {
        "shop": {"currency": "CHF", "is-open": True, "branches": ["Berne", "Basle"]},
        "shop.patience": timedelta(minutes=2),
    }
    async with PyFlyTest(Shop, config_path=tmp_path, properties=properties) as app:
        assert app.get_bean(ShopProperties) == ShopProperties(
            currency="CHF", patience=timedelta(minutes=2), branches=("Berne", "Basle"), is_open=True
        )


async def test_profiles_of_a_test_are_the_active_ones_and_choose_files(tmp_path: Path) -> None:
    (tmp_path / "pyfly.yaml").write_text("pyfly:\n  profiles:\n    active: prod\n")
    (tmp_path / "pyfly-test.yaml").write_text("shop:\n  currency: TST\n")
    async with PyFlyTest(Shop, config_path=tmp_path, profiles=["test", "fast"]) as app:
        assert app.context.environment.active_profiles == ["test", "fast"]
        assert app.get_bean(ShopProperties).currency == "TST"


async def test_neither_the_process_nor_the_command_line_is_touched(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = dict(os.environ)
    async with PyFlyTest(
        Shop, profiles=["test"], properties={"shop.currency": "CHF"}, args=["--verbose"]
    ) as app:
        assert app.args == ("--verbose",)
    assert dict(os.environ) == before
    assert "PyFly Framework" not in capsys.readouterr().out


async def test_one_test_may_change_configuration_that_is_read_live() -> None:
    async with PyFlyTest(Shop) as app:
        with app.config.overridden({"shop.currency": "CHF"}):
            assert app.config.get("shop.currency") == "CHF"
        assert app.config.get("shop.currency") is None


async def test_events_are_recorded_for_the_test_that_causes_them() -> None:
    async with PyFlyTest(Shop) as app:
        bell = app.get_bean(Bell)
        counts: dict[int, int] = {}

        async def run(times: int) -> None:
            with app.record_events() as events:
                await bell.ring(times)
                await asyncio.sleep(0)
                await bell.ring(times)
                counts[times] = len(events.of(int))

        await asyncio.gather(run(2), run(3))
        assert counts == {2: 4, 3: 6}


async def test_two_test_applications_live_side_by_side() -> None:
    async with PyFlyTest(Shop) as one, PyFlyTest(Shop, properties={"shop.currency": "CHF"}) as two:
        with one.override(Mailer, Mailer("fake")):
            assert (one.get_bean(Mailer).host, two.get_bean(Mailer).host) == ("fake", "CHF")
        with one.record_events() as events:
            await two.get_bean(Bell).ring(1)
        assert len(events) == 0


async def test_an_application_is_checked_without_building_a_bean(built: list[str]) -> None:
    check_application(Shop)
    assert built == []


@component
class Needy:
    def __init__(self, what: Path, how: logging.Logger) -> None: ...


@pyfly_application(name="broken", scan_packages=[__name__])
class Broken:
    pass


def test_the_check_reports_all_mistakes_with_their_explanations() -> None:
    with pytest.raises(BeanGraphError) as failure:
        check_application(Broken)
    assert len(failure.value.problems) == 2
    assert "What to do" in failure.value.__notes__[-1]
    check_application(Broken, overrides={Path: Path(), logging.Logger: logging.getLogger(__name__)})


async def test_the_start_of_a_test_application_reports_events_of_its_refresh() -> None:
    app = PyFlyTest(Shop)
    with app.record_events() as events:
        await app.startup()
    assert len(events.of(ContextRefreshedEvent)) == 1
    await app.shutdown()
