"""What a properties class says about itself: its prefix, and per field a text or a replacement."""

from collections.abc import Callable
from typing import TypeVar

from pyfly.container.metadata import published, record, record_of
from pyfly.container.records import BeanRecord
from pyfly.core.config.keys import canonical_key, resolve_synonym
from pyfly.kernel.record import Record

C = TypeVar("C", bound=type)


class ConfigPropertiesRecord(Record, kw_only=True):
    """What ``@config_properties`` says about a class."""

    prefix: str = published("__pyfly_config_prefix__", default="")
    refreshable: bool = False


class Doc(Record):
    """The explanation of a field, put into its annotation: ``Annotated[int, Doc("The port.")]``."""

    text: str


class Deprecated(Record):
    """Marks a field that should not be set any more, with the key that replaces it."""

    replacement: str = ""
    reason: str = ""


def config_properties(prefix: str, *, refreshable: bool = False) -> Callable[[C], C]:
    """Bind the decorated dataclass or pydantic model to the section *prefix* and make it injectable.

    Args:
        prefix: The section, such as ``"shop.orders"``.
        refreshable: Whether ``Config.refresh()`` may replace the values of a running application.
    """

    def decorate(cls: C) -> C:
        record(cls, ConfigPropertiesRecord, prefix=prefix, refreshable=refreshable)
        record(cls, BeanRecord, injectable=True)
        return cls

    return decorate


def prefix_of(cls: type) -> str | None:
    """Return the canonical prefix that *cls* or the nearest of its bases declares, or ``None``."""
    for base in cls.__mro__:
        found = record_of(base, ConfigPropertiesRecord)
        if found is not None:
            return resolve_synonym(canonical_key(found.prefix))
    return None
