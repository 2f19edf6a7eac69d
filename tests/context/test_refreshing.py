"""Reading the configuration anew while the application runs."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pyfly.container import component
from pyfly.context import ApplicationContext, ConfigChangedEvent, app_event_listener
from pyfly.core.config import Config, config_properties

CHANGES: list[tuple[str, ...]] = []


@config_properties("shop", refreshable=True)
@dataclass(frozen=True, kw_only=True)
class Live:
    size: int = 1


@config_properties("shop", refreshable=True)
@dataclass(frozen=True, kw_only=True, slots=True)
class LiveWithSlots:
    size: int = 1


@config_properties("shop", refreshable=True)
@dataclass(frozen=True, kw_only=True, slots=True)
class Derived(LiveWithSlots):
    name: str = ""


@config_properties("shop")
@dataclass(frozen=True, kw_only=True)
class Fixed:
    size: int = 1


@component
class Service:
    def __init__(self, live: Live, slots: LiveWithSlots, fixed: Fixed) -> None:
        self.live, self.slots, self.fixed = live, slots, fixed

    @app_event_listener
    def changed(self, event: ConfigChangedEvent) -> None:
        CHANGES.append(event.keys)

    @property
    def sizes(self) -> tuple[int, int, int]:
        return self.live.size, self.slots.size, self.fixed.size


async def test_refreshable_properties_follow_and_listeners_hear_which_keys_changed(tmp_path: Path) -> None:
    CHANGES.clear()
    file = tmp_path / "pyfly.yaml"
    file.write_text("shop:\n  size: 2\n")
    context = ApplicationContext(Config.from_file(file))
    context.register_bean(Service)
    async with context:
        service = context.get_bean(Service)
        assert await context.refresh_config() == ()
        file.write_text("shop:\n  size: 5\n")
        assert await context.refresh_config() == ("shop.size",)
        assert service.sizes == (5, 5, 2)
        assert service.live is context.get_bean(Live)
        assert CHANGES == [("shop.size",)]


async def test_a_value_that_does_not_bind_leaves_every_bean_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "pyfly.yaml"
    file.write_text("shop:\n  size: 2\n")
    context = ApplicationContext(Config.from_file(file))
    context.register_bean(Service)
    async with context:
        file.write_text("shop:\n  size: many\n")
        with pytest.raises(ValueError, match="many"):
            await context.refresh_config()
        assert context.get_bean(Service).sizes == (2, 2, 2)
        assert context.config.get("shop.size") == 2
        file.write_text("shop:\n  size: 7\n")
        assert await context.refresh_config() == ("shop.size",)
        assert context.get_bean(Service).sizes == (7, 7, 2)


async def test_slots_of_base_classes_are_refreshed_too(tmp_path: Path) -> None:
    file = tmp_path / "pyfly.yaml"
    file.write_text("shop:\n  size: 2\n  name: old\n")
    context = ApplicationContext(Config.from_file(file))
    context.register_bean(Derived)
    async with context:
        file.write_text("shop:\n  size: 7\n  name: new\n")
        await context.refresh_config()
        assert context.get_bean(Derived) == Derived(size=7, name="new")
