"""The ports of the data module.

A repository is a collection that outlives the process: what was saved can be found, what was
deleted cannot, deleting what is absent is no error, and nothing half-done ever becomes visible.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.ports.compiler import QueryMethodCompilerPort as QueryMethodCompilerPort
    from pyfly.data.ports.outbound import CrudRepository as CrudRepository
    from pyfly.data.ports.outbound import PagingRepository as PagingRepository
    from pyfly.data.ports.outbound import RepositoryPort as RepositoryPort
    from pyfly.data.ports.outbound import SessionPort as SessionPort
    from pyfly.data.ports.saving import SaveListener as SaveListener

__all__ = [
    "CrudRepository",
    "PagingRepository",
    "QueryMethodCompilerPort",
    "RepositoryPort",
    "SaveListener",
    "SessionPort",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "CrudRepository": "pyfly.data.ports.outbound",
        "PagingRepository": "pyfly.data.ports.outbound",
        "QueryMethodCompilerPort": "pyfly.data.ports.compiler",
        "RepositoryPort": "pyfly.data.ports.outbound",
        "SaveListener": "pyfly.data.ports.saving",
        "SessionPort": "pyfly.data.ports.outbound",
    },
)
