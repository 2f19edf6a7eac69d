"""The settings of websockets."""

from datetime import timedelta
from typing import Annotated, Final

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record

_ONE_MEGABYTE: Final = DataSize(1024 * 1024)


@config_properties("pyfly.web.websocket")
class WebSocketProperties(Record, kw_only=True):
    """``pyfly.web.websocket``: what clients of websockets may do."""

    message_size: Annotated[DataSize, Doc("Larger messages close the connection (1009).")] = _ONE_MEGABYTE
    ping_interval: Annotated[
        timedelta, Doc("How often clients are asked whether they are there; 0: never.")
    ] = timedelta(seconds=20)
    ping_timeout: Annotated[timedelta, Doc("A client that does not answer by then is cut off.")] = timedelta(
        seconds=20
    )
    idle_timeout: Annotated[
        timedelta, Doc("A connection without a message for so long is closed (1001); 0: never.")
    ] = timedelta(0)
    send_queue: Annotated[
        int, Ge(1), Doc("How many messages may wait for a client that is slow; one more cuts it off.")
    ] = 64
    send_timeout: Annotated[
        timedelta, Doc("A client that does not take a message for so long is cut off (1008).")
    ] = timedelta(seconds=30)
