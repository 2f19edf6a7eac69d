"""The whole contract of a store."""

from pyfly.testing.stores.crud import CrudContract
from pyfly.testing.stores.paging import PagingContract
from pyfly.testing.stores.querying import QueryContract
from pyfly.testing.stores.transacting import ConcurrencyContract, TransactionContract

__all__ = ["ConcurrencyContract", "StoreContract"]


class StoreContract(CrudContract, PagingContract, QueryContract, TransactionContract):
    """What every repository promises. A subclass provides the fixture ``store``."""
