"""Where the default database is when the configuration does not say so."""

import logging
import os
from typing import Final

VARIABLE: Final = "DATABASE_URL"
_FILE: Final = "sqlite:///pyfly.db"

_log = logging.getLogger("pyfly.data")


def environment_address() -> str:
    """Return what the environment variable ``DATABASE_URL`` says, by which many platforms hand over a database."""
    return os.environ.get(VARIABLE, "").strip()


def default_address(*, is_production: bool) -> str:
    """Return the address in ``DATABASE_URL``, or else a file in the working directory; in production that is none."""
    if found := environment_address():
        return found
    if is_production:
        return ""
    _log.warning("pyfly.data.url is not set; the data is in %s of the working directory", _FILE)
    return _FILE
