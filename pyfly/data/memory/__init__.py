"""Repositories that keep their entities in memory: for tests, prototypes and domain models without a database.

They promise what the others do: unique values, versions, transactions that roll back, derived queries.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.memory.repository import MemoryRepository as MemoryRepository
    from pyfly.data.memory.transaction_manager import MemoryTransactionManager as MemoryTransactionManager

__all__ = ["MemoryRepository", "MemoryTransactionManager"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "MemoryRepository": "pyfly.data.memory.repository",
        "MemoryTransactionManager": "pyfly.data.memory.transaction_manager",
    },
)
