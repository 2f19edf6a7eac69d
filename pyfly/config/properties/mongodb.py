"""Settings of the document database as earlier programs know them."""

from dataclasses import dataclass

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.data.document")
@dataclass
class DocumentProperties:
    """Settings of the document database (``pyfly.data.document``)."""

    enabled: bool = False
    uri: str = "mongodb://localhost:27017"
    database: str = "pyfly"
    min_pool_size: int = 0
    max_pool_size: int = 100
