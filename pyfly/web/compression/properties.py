"""The settings of compression."""

from typing import Annotated

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge, Le
from pyfly.kernel.record import Record

_TYPES = (
    "text/html",
    "text/plain",
    "text/css",
    "text/csv",
    "text/xml",
    "text/javascript",
    "application/javascript",
    "application/json",
    "application/problem+json",
    "application/jsonl",
    "application/xml",
    "image/svg+xml",
)


@config_properties("pyfly.web.compression")
class CompressionProperties(Record, kw_only=True):
    """``pyfly.web.compression``: answers compressed for clients that accept it."""

    enabled: Annotated[bool, Doc("Compress answers.")] = False
    min_size: Annotated[DataSize, Doc("Smaller answers are sent as they are.")] = DataSize(1024)
    types: Annotated[
        tuple[str, ...], Doc("The media types that are compressed; application/*+json stands for a suffix.")
    ] = _TYPES
    level: Annotated[int, Ge(1), Le(9), Doc("How hard to try: 1 is fast, 9 is small.")] = 5
