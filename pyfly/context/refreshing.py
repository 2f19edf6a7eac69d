"""Reading the configuration anew while the application runs."""

from contextlib import suppress
from types import MemberDescriptorType
from typing import Any

from pyfly.container.metadata import record_of
from pyfly.context.checking import properties_definitions
from pyfly.context.events import ConfigChangedEvent
from pyfly.context.run import Run
from pyfly.core.config.config import Config
from pyfly.core.config.declaration import ConfigPropertiesRecord


async def refresh(run: Run) -> tuple[str, ...]:
    """Refresh the configuration, then the property beans that allow it; tell listeners what changed.

    A value that does not bind leaves the configuration and every bean as they were.
    """
    renewed: list[tuple[Any, Any]] = []

    def bind_all(config: Config) -> None:
        renewed.extend(
            (definition.instance, config.bind(definition.type))
            for definition in properties_definitions(run.container)
            if definition.created and _is_refreshable(definition.type)
        )

    changed = run.config.refresh(bind_all)
    if not changed:
        return ()
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
    for cls in type(current).__mro__:
        for slot in vars(cls).values():
            if isinstance(slot, MemberDescriptorType):
                with suppress(AttributeError):  # a slot that is not filled
                    slot.__set__(current, slot.__get__(new))
