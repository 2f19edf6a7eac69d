"""The settings of forms."""

from typing import Annotated, Final

from pyfly.core.config import DataSize, Doc, config_properties
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record

_KB: Final = 1024
_MB: Final = 1024 * 1024


@config_properties("pyfly.web.multipart")
class MultipartProperties(Record, kw_only=True):
    """What forms may bring. An urlencoded one is limited by ``pyfly.web.max-body-size`` and ``max-fields``."""

    max_size: Annotated[DataSize, Doc("Larger multipart requests are refused with 413.")] = DataSize(10 * _MB)
    max_file_size: Annotated[DataSize, Doc("Requests with a larger file are refused with 413.")] = DataSize(
        _MB
    )
    max_files: Annotated[int, Ge(0), Doc("Requests with more files are refused with 413.")] = 20
    max_fields: Annotated[int, Ge(0), Doc("Requests with more other fields are refused with 413.")] = 1000
    max_field_size: Annotated[DataSize, Doc("Requests with a longer field are refused with 413.")] = DataSize(
        256 * _KB
    )
    spool_size: Annotated[DataSize, Doc("Larger files are kept on disk while a request lasts.")] = DataSize(
        256 * _KB
    )
    directory: Annotated[str, Doc("Where they are kept; empty: the temporary directory of the system.")] = ""
