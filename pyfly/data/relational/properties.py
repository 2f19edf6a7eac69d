"""The keys of ``pyfly.data``: which database the application talks to, and how."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Annotated

from annotated_types import Ge

from pyfly.core.config import Doc, config_properties


class SchemaMode(Enum):
    """What is done about the tables when the application starts."""

    NONE = "none"
    CREATE = "create"


class Enabled(Enum):
    """Whether the module is on."""

    AUTO = "auto"
    TRUE = "true"
    FALSE = "false"


@config_properties("pyfly.data")
@dataclass(frozen=True, kw_only=True)
class DataProperties:
    """Settings of the default data source."""

    enabled: Annotated[Enabled, Doc("auto: on as soon as pyfly.data.url is set.")] = Enabled.AUTO
    url: Annotated[
        str, Doc("sqlite:///app.db or postgresql://user:password@host/name; drivers are chosen.")
    ] = ""
    echo: Annotated[bool, Doc("Log every statement with its parameters.")] = False
    pool_size: Annotated[int, Ge(1), Doc("Most connections open at once.")] = 10
    connect_timeout: Annotated[
        timedelta, Doc("How long to wait for the database at start-up, and for a free connection later.")
    ] = timedelta(seconds=5)
    schema: Annotated[SchemaMode, Doc("create: make the tables that are missing when starting.")] = (
        SchemaMode.NONE
    )
