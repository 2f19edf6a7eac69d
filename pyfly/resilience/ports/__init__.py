"""What policies and locks need of a store that several processes may share.

A store decides alone and at once: whoever asks gets its answer from one atomic step, so that any number of
tasks, threads, processes and machines together never get more than there is. Adapters: ``memory`` for one
process, ``redis`` for all that use one server.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.resilience.ports.outbound import Bucket as Bucket
    from pyfly.resilience.ports.outbound import Grant as Grant
    from pyfly.resilience.ports.outbound import LockStore as LockStore
    from pyfly.resilience.ports.outbound import StoreUnavailableError as StoreUnavailableError
    from pyfly.resilience.ports.outbound import TokenStore as TokenStore

__all__ = ["Bucket", "Grant", "LockStore", "StoreUnavailableError", "TokenStore"]

__getattr__, __dir__ = lazy_exports(__name__, dict.fromkeys(__all__, f"{__name__}.outbound"))
