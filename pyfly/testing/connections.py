"""Tests that keep a connection fail, and say which line has taken it."""

import asyncio
import sys
from typing import Any

import pytest

_PATIENCE = 1.0


async def check_connections(application: Any) -> None:
    """Fail when connections of *application* are in use, unless they are given back within a second."""
    leaks = sys.modules.get("pyfly.data.hooks.leaks")
    if leaks is None:
        return
    hooks = application.context.container.resolve_all(leaks.LeakHook)
    waited = 0.0
    while (held := [leak for hook in hooks for leak in hook.held()]) and waited < _PATIENCE:
        await asyncio.sleep(0.01)  # What a request or a task has used is on its way back.
        waited += 0.01
    if held:
        pytest.fail(_told(held), pytrace=False)


def fail_for_lost_connections() -> None:
    """Fail when an application was stopped whose connections were not given back."""
    leaks = sys.modules.get("pyfly.data.hooks.leaks")
    if leaks is not None and (lost := list(leaks.LOST)):
        leaks.LOST.clear()
        pytest.fail(_told(lost), pytrace=False)


def _told(leaks: list[Any]) -> str:
    return "\n".join(dict.fromkeys(map(str, leaks)))
