"""Idempotency keys: a request that is sent again with the same ``Idempotency-Key`` gets the stored response.

Switched on per handler with ``@idempotent``, or for all handlers of some methods by ``pyfly.web.idempotency.enabled``.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.web.idempotency.mapping import idempotent
    from pyfly.web.idempotency.memory import InMemoryIdempotencyStore
    from pyfly.web.idempotency.ports import IdempotencyStore, Stored
    from pyfly.web.idempotency.properties import IdempotencyProperties

__all__ = ["IdempotencyProperties", "IdempotencyStore", "InMemoryIdempotencyStore", "Stored", "idempotent"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "IdempotencyProperties": "pyfly.web.idempotency.properties",
        "IdempotencyStore": "pyfly.web.idempotency.ports",
        "InMemoryIdempotencyStore": "pyfly.web.idempotency.memory",
        "Stored": "pyfly.web.idempotency.ports",
        "idempotent": "pyfly.web.idempotency.mapping",
    },
)
