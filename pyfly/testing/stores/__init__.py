"""The contract of repositories as a suite of tests: whoever adapts a store proves itself with it.

A subclass of :class:`StoreContract` in a test file provides the fixture ``store``, see :class:`Store`.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.testing.stores.contract import ConcurrencyContract as ConcurrencyContract
    from pyfly.testing.stores.contract import StoreContract as StoreContract
    from pyfly.testing.stores.queries import ItemQueries as ItemQueries
    from pyfly.testing.stores.store import Store as Store
    from pyfly.testing.stores.sync_store import synchronous as synchronous

__all__ = ["ConcurrencyContract", "ItemQueries", "Store", "StoreContract", "synchronous"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ConcurrencyContract": "pyfly.testing.stores.contract",
        "ItemQueries": "pyfly.testing.stores.queries",
        "Store": "pyfly.testing.stores.store",
        "StoreContract": "pyfly.testing.stores.contract",
        "synchronous": "pyfly.testing.stores.sync_store",
    },
)
