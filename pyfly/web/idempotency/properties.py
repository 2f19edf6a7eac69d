"""The settings of idempotency keys."""

from datetime import timedelta
from typing import Annotated

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record


@config_properties("pyfly.web.idempotency")
class IdempotencyProperties(Record, kw_only=True):
    """``pyfly.web.idempotency``: responses that are kept for requests that are sent again."""

    enabled: Annotated[bool, Doc("Heed the keys of all requests with the methods below.")] = False
    methods: Annotated[tuple[str, ...], Doc("The methods, if it is enabled for all.")] = ("POST", "PATCH")
    header: Annotated[str, Doc("The header that carries the key.")] = "Idempotency-Key"
    ttl: Annotated[timedelta, Doc("How long a response is kept.")] = timedelta(hours=24)
    max_entries: Annotated[
        int, Ge(1), Doc("How many responses the store in memory keeps; the oldest go first.")
    ] = 10_000
    max_size: Annotated[
        DataSize, Doc("How much the responses in memory may take together; the oldest go first.")
    ] = DataSize(64 * 1024 * 1024)
