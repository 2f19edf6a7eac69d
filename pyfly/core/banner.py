"""The banner printed when an application starts."""

import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Final, Self

from pyfly import __version__
from pyfly.kernel.types import Settings

_ART: Final = r"""
                     ____ __
      ____   __  __ / __// / __  __
     / __ \ / / / // /_ / / / / / /    __/
    / /_/ // /_/ // __// /_/ /_/ /   =(_ >
   / .___/ \__, //_/   \__/\__, /      \
  /_/     /____/          /____/
"""
_PYTHON: Final = ".".join(map(str, sys.version_info[:3]))
_NOTICE: Final = "Copyright 2026 The PyFly authors  |  Apache License 2.0"


class BannerMode(Enum):
    """How much is printed at start-up."""

    TEXT = "TEXT"
    MINIMAL = "MINIMAL"
    OFF = "OFF"


class BannerPrinter:
    """Renders the banner of an application; printing it is up to the caller."""

    def __init__(
        self,
        mode: BannerMode = BannerMode.TEXT,
        version: str = __version__,
        app_name: str = "",
        app_version: str = "",
        active_profiles: Sequence[str] | None = None,
        custom_location: str = "",
    ) -> None:
        """Keep what the banner shows.

        Args:
            mode: How much to show.
            version: The version of pyfly, not that of the application.
            app_name: For the placeholder ``${app.name}``.
            app_version: For the placeholder ``${app.version}``.
            active_profiles: For the placeholder ``${profiles.active}``.
            custom_location: A text file that replaces the art.
        """
        self._mode = mode
        self._version = version
        self._location = custom_location
        self._placeholders = {
            "${pyfly.version}": version,
            "${python.version}": _PYTHON,
            "${app.name}": app_name,
            "${app.version}": app_version,
            "${profiles.active}": ", ".join(active_profiles or ()),
        }

    @classmethod
    def from_config(
        cls,
        config: Settings,
        version: str = __version__,
        app_name: str = "",
        app_version: str = "",
        active_profiles: Sequence[str] | None = None,
    ) -> Self:
        """Create the banner that ``pyfly.banner.mode`` and ``pyfly.banner.location`` ask for."""
        return cls(
            _mode(config.get("pyfly.banner.mode")),
            version,
            app_name,
            app_version,
            active_profiles,
            custom_location=str(config.get("pyfly.banner.location") or ""),
        )

    def render(self) -> str:
        """Return the text to print, which is empty when the banner is off."""
        if self._mode is BannerMode.OFF:
            return ""
        if self._mode is BannerMode.MINIMAL:
            return f":: PyFly :: (v{self._version})\n"
        title = f":: PyFly Framework ::  (v{self._version})  (Python {_PYTHON})"
        return f"{self._picture()}\n{title}\n{_NOTICE}\n"

    def _picture(self) -> str:
        picture = _custom_picture(self._location)
        if picture is None:
            return _ART
        for placeholder, value in self._placeholders.items():
            picture = picture.replace(placeholder, value)
        return picture.rstrip("\n") + "\n"


def _mode(setting: object) -> BannerMode:
    # YAML reads a bare `off` as a boolean.
    name = "OFF" if setting is False else str(setting).upper()
    return BannerMode.__members__.get(name, BannerMode.TEXT)


def _custom_picture(location: str) -> str | None:
    """Return the text of the file, or ``None`` to fall back on the art: a banner is no reason not to start."""
    if not location:
        return None
    try:
        return Path(location).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
