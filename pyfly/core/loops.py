"""The event loop that applications run on."""

from asyncio import AbstractEventLoop
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec


def loop_factory() -> Callable[[], AbstractEventLoop] | None:
    """Return uvloop's factory where it is installed: it serves about half as many requests again."""
    if find_spec("uvloop") is None:
        return None
    factory: Callable[[], AbstractEventLoop] = import_module("uvloop").new_event_loop
    return factory
