"""The settings of parameter binding."""

from enum import StrEnum
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


class UnknownFields(StrEnum):
    """What happens to fields of a body that its model does not have."""

    IGNORE = "ignore"
    FORBID = "forbid"


class EntityResults(StrEnum):
    """What happens when a handler returns what an object-relational mapper stores."""

    ALLOW = "allow"
    WARN = "warn"
    REFUSE = "refuse"


@config_properties("pyfly.web.binding")
class BindingProperties(Record, kw_only=True):
    """How requests become parameters."""

    unknown_fields: Annotated[
        UnknownFields,
        Doc("What a model does not declare is ignored or refused (forbid); its own `extra` setting wins."),
    ] = UnknownFields.IGNORE
    entity_results: Annotated[
        EntityResults,
        Doc(
            "Warn of handlers that return entities as they are stored, stop the start (refuse), or allow it."
        ),
    ] = EntityResults.WARN
    require_content_type: Annotated[
        bool, Doc("Refuse a body without Content-Type (415) instead of taking it for what the handler reads.")
    ] = True
