"""The settings of the connections that a server keeps."""

from datetime import timedelta
from typing import Annotated, Final

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record

_RATE: Final = DataSize(240)


@config_properties("pyfly.web.connections")
class ConnectionProperties(Record, kw_only=True):
    """``pyfly.web.connections``: how many connections there may be, and how slow they may be."""

    max: Annotated[int, Ge(0), Doc("Further connections are answered 503 and closed; 0: no limit.")] = 10_000
    header_timeout: Annotated[
        timedelta, Doc("A connection that has not sent all headers of a request by then is closed (408).")
    ] = timedelta(seconds=10)
    body_timeout: Annotated[
        timedelta, Doc("How long a request body may take, besides the time that body-rate grants it.")
    ] = timedelta(seconds=20)
    body_rate: Annotated[
        DataSize, Doc("Each second beyond body-timeout, a body has to have brought this much more (408).")
    ] = _RATE
    write_timeout: Annotated[
        timedelta, Doc("A client that does not take what is sent to it for so long is cut off.")
    ] = timedelta(seconds=30)
    keep_alive: Annotated[timedelta, Doc("How long a connection is kept for another request.")] = timedelta(
        seconds=5
    )
