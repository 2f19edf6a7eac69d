"""Settings of the relational database as earlier programs know them."""

from dataclasses import dataclass

from pyfly.core.config.declaration import config_properties


@config_properties("pyfly.data.relational")
@dataclass
class RelationalProperties:
    """Settings of the relational database (``pyfly.data.relational``)."""

    enabled: bool = False
    url: str = "sqlite+aiosqlite:///pyfly.db"
    echo: bool = False
    pool_size: int = 5
