"""Short ways to say what context tests say often."""

from collections.abc import Sequence
from typing import Any

from pyfly.context import ApplicationContext
from pyfly.core.config import Config


def context_of(
    *classes: type, settings: dict[str, Any] | None = None, profiles: Sequence[str] = ()
) -> ApplicationContext:
    """Return a context that is not started, with *classes* as beans and dotted *settings*."""
    data: dict[str, Any] = {}
    for key, value in (settings or {}).items():
        target = data
        *parents, last = key.split(".")
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = value
    if profiles:
        data.setdefault("pyfly", {}).setdefault("profiles", {})["active"] = list(profiles)
    context = ApplicationContext(Config(data))
    for cls in classes:
        context.register_bean(cls)
    return context
