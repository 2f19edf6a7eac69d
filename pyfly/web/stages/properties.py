"""The settings of stages."""

from typing import Annotated, Final

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record

_8_KB: Final = DataSize(8 * 1024)
_32_KB: Final = DataSize(32 * 1024)


@config_properties("pyfly.web.limits")
class LimitProperties(Record, kw_only=True):
    """What a request may bring besides its body, whose size is ``pyfly.web.max-body-size``."""

    enabled: Annotated[bool, Doc("Refuse requests that exceed the limits below.")] = True
    url_size: Annotated[DataSize, Doc("Longer URLs are refused with 414.")] = _8_KB
    header_count: Annotated[int, Ge(1), Doc("Requests with more headers are refused with 431.")] = 100
    header_size: Annotated[DataSize, Doc("Requests with larger headers are refused with 431.")] = _32_KB
    query_values: Annotated[int, Ge(1), Doc("Query strings with more values are refused with 400.")] = 1000
    json_depth: Annotated[int, Ge(1), Doc("JSON bodies nested more deeply are refused with 400.")] = 64


@config_properties("pyfly.web.access-log")
class AccessLogProperties(Record, kw_only=True):
    """The access log, written by the logger ``pyfly.web``."""

    enabled: Annotated[bool, Doc("Write one line per response.")] = True
    exclude: Annotated[tuple[str, ...], Doc("Paths that are not logged, such as /actuator/**.")] = ()
