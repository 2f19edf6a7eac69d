"""Reading the configuration anew while the application runs."""

from typing import Any

from pyfly.container.metadata import record_of
from pyfly.context.checking import properties_definitions
from pyfly.context.events import ConfigChangedEvent
from pyfly.context.run import Run
from pyfly.core.config.declaration import ConfigPropertiesRecord


async def refresh(run: Run) -> tuple[str, ...]:
    """Refresh the configuration, then the property beans that allow it; tell listeners what changed.

    A value that does not bind leaves every bean as it was.
    """
    changed = run.config.refresh()
    if not changed:
        return ()
    renewed: list[tuple[Any, Any]] = [
        (definition.instance, run.config.bind(definition.type))
        for definition in properties_definitions(run.container)
        if definition.created and _is_refreshable(definition.type)
    ]
    for current, new in renewed:
        _take_over(current, new)
    await run.events.publish(ConfigChangedEvent(changed))
    return changed


def _is_refreshable(cls: type) -> bool:
    found = record_of(cls, ConfigPropertiesRecord)
    return found is not None and found.refreshable


def _take_over(current: Any, new: Any) -> None:
    """Let everybody who holds *current* see the values of *new*, in one step where that is possible."""
    if hasattr(current, "__dict__"):
        object.__setattr__(current, "__dict__", new.__dict__)
        return
    for name in current.__slots__:
        object.__setattr__(current, name, getattr(new, name))
