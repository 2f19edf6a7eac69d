"""The application of a folder, made but not started."""

from collections.abc import Iterable
from pathlib import Path

from pyfly.cli.targets import TargetError, discover, load, make_importable
from pyfly.core.application import PyFlyApplication
from pyfly.core.config.config import Config


def application_of(folder: Path, app: str | None = None) -> PyFlyApplication | None:
    """Return the application that ``pyfly run`` would run in *folder*, or ``None`` if there is none.

    Args:
        folder: Its modules, and those in its ``src``, become importable.
        app: What to load instead of what the configuration or the files say.

    Raises:
        TargetError: There are several, it cannot be found, or it is not an application of pyfly.
    """
    target = app or discover(Config.from_sources(folder), folder)
    if target is None:
        return None
    make_importable(folder)
    module, found = load(target)
    if isinstance(found, type):
        return PyFlyApplication(found)
    application = behind((found, *vars(module).values()))
    if application is None:
        raise TargetError(f"There is no PyFlyApplication behind {target}: {type(found).__name__}.")
    return application


def behind(objects: Iterable[object]) -> PyFlyApplication | None:
    """Return the first application that is among *objects*, or that one of them carries as ``application``."""
    for each in objects:
        for found in (each, getattr(each, "application", None)):
            if isinstance(found, PyFlyApplication):
                return found
    return None
