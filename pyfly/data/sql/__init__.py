"""SQL by hand: the names of a thin client, wherever their technology is. Importing this package needs no library."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.relational.sqlalchemy.connection_manager import ConnectionManager as ConnectionManager
    from pyfly.data.relational.sqlalchemy.sql_client import SqlClient as SqlClient

__all__ = ["ConnectionManager", "SqlClient"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "ConnectionManager": "pyfly.data.relational.sqlalchemy.connection_manager",
        "SqlClient": "pyfly.data.relational.sqlalchemy.sql_client",
    },
)
