import pytest

from pyfly import __version__
from pyfly.cli.console import THEME, print_banner


def test_the_theme_has_the_documented_names() -> None:
    assert {"info", "success", "warning", "error", "pyfly", "dim"} <= set(THEME.styles)


def test_the_banner_shows_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    print_banner()
    assert f"(v{__version__})" in capsys.readouterr().out
