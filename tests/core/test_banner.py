"""What is printed at start-up."""

import platform
from pathlib import Path
from typing import Any

import pytest

import pyfly
from pyfly.core.banner import BannerMode, BannerPrinter


class Values(dict[str, Any]):
    """Settings by their full key."""


def test_the_text_banner_has_art_versions_and_licence() -> None:
    lines = BannerPrinter(version="9.9").render().splitlines()
    assert "____" in "".join(lines[:-2])
    assert lines[-2] == f":: PyFly Framework ::  (v9.9)  (Python {platform.python_version()})"
    assert lines[-1] == "Copyright 2026 The PyFly authors  |  Apache License 2.0"
    assert all(line.isascii() and len(line) <= 80 for line in lines)


def test_the_version_shown_is_that_of_pyfly_not_that_of_the_application() -> None:
    banner = BannerPrinter.from_config(Values(), app_name="shop", app_version="7.7").render()
    assert f"(v{pyfly.__version__})" in banner
    assert "7.7" not in banner


def test_the_minimal_banner_is_one_line() -> None:
    assert BannerPrinter(BannerMode.MINIMAL, version="9.9").render().strip() == ":: PyFly :: (v9.9)"


@pytest.mark.parametrize("setting", ["off", "OFF", False], ids=repr)
def test_nothing_is_printed_when_the_banner_is_off(setting: object) -> None:
    assert BannerPrinter.from_config(Values({"pyfly.banner.mode": setting})).render() == ""


@pytest.mark.parametrize("setting", [None, "text", "fancy"], ids=repr)
def test_any_other_mode_gives_the_text_banner(setting: object) -> None:
    assert (
        ":: PyFly Framework ::" in BannerPrinter.from_config(Values({"pyfly.banner.mode": setting})).render()
    )


def test_a_file_replaces_the_art_and_its_placeholders_are_filled(tmp_path: Path) -> None:
    file = tmp_path / "banner.txt"
    file.write_text(
        "${app.name} ${app.version} ${profiles.active} ${pyfly.version} ${python.version} ${unknown}"
    )
    banner = BannerPrinter.from_config(
        Values({"pyfly.banner.location": str(file)}), "9.9", "shop", "7.7", ["dev", "eu"]
    ).render()
    first, *rest = banner.splitlines()
    assert first == f"shop 7.7 dev, eu 9.9 {platform.python_version()} ${{unknown}}"
    assert rest[-2].startswith(":: PyFly Framework ::")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"], ids=["missing", "not text"])
def test_a_file_that_cannot_be_read_leaves_the_art(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "banner.txt"
    if content is not None:
        file.write_bytes(content)
    assert BannerPrinter(custom_location=str(file)).render() == BannerPrinter().render()
