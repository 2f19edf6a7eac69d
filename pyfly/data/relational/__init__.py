"""Relational stores. The adapters live below: ``sqlalchemy`` is the one there is."""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.data.relational.endpoint import DataSourcesEndpoint as DataSourcesEndpoint
    from pyfly.data.relational.properties import DataProperties as DataProperties

__all__ = ["DataProperties", "DataSourcesEndpoint"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "DataProperties": "pyfly.data.relational.properties",
        "DataSourcesEndpoint": "pyfly.data.relational.endpoint",
    },
)
