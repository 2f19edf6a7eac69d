"""The technologies that carry events.

| adapter | extra to install | when |
|---|---|---|
| ``InMemoryEventBus`` | none | the default: events stay inside the application |
| ``InMemoryDeadLetterStore`` | none | the default: dead letters live as long as the application |
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.eda.adapters.memory import InMemoryDeadLetterStore as InMemoryDeadLetterStore
    from pyfly.eda.adapters.memory import InMemoryEventBus as InMemoryEventBus

__all__ = ["InMemoryDeadLetterStore", "InMemoryEventBus"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "InMemoryDeadLetterStore": "pyfly.eda.adapters.memory",
        "InMemoryEventBus": "pyfly.eda.adapters.memory",
    },
)
