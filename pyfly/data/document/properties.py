"""The keys of ``pyfly.data.document``: which document database the application talks to, and how."""

from datetime import timedelta
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.core.config.masking import mask
from pyfly.data.enabled import Enabled
from pyfly.kernel.bounds import Ge
from pyfly.kernel.record import Record, copy_with


@config_properties("pyfly.data.document")
class DocumentProperties(Record, kw_only=True):
    """Settings of the document database."""

    enabled: Annotated[Enabled, Doc("auto: on as soon as uri is set.")] = Enabled.AUTO
    uri: Annotated[
        str,
        Doc("mongodb://user:password@host:27017/name, or mongodb+srv://...; local if not set but enabled."),
    ] = ""
    database: Annotated[str, Doc("The database, where the uri names none.")] = "pyfly"
    min_pool_size: Annotated[int, Ge(0), Doc("How many connections are kept open at least.")] = 0
    max_pool_size: Annotated[int, Ge(1), Doc("Most connections open at once.")] = 100
    connect_timeout: Annotated[
        timedelta, Doc("How long to wait for a server, when connecting and when choosing one.")
    ] = timedelta(seconds=5)
    acquire_timeout: Annotated[
        timedelta | None, Doc("How long to wait for a free connection; connect-timeout if not set.")
    ] = None
    create_indexes: Annotated[
        bool, Doc("Make the indexes that documents declare when the application starts.")
    ] = True
    optional: Annotated[bool, Doc("Start without the database if it does not answer.")] = False

    def __repr__(self) -> str:
        """Return the values, without the password in the address."""
        return Record.__repr__(copy_with(self, uri=mask("uri", self.uri)))
