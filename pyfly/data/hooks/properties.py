"""The keys of ``pyfly.data`` that are about what is sent to databases, whichever store sends it."""

from datetime import timedelta
from enum import Enum, StrEnum
from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record, attribute


class LogParameters(Enum):
    """What logs show of the values in statements."""

    MASKED = "masked"
    HIDDEN = "hidden"
    FULL = "full"


class LogLevel(StrEnum):
    """How loud the log of statements is."""

    DEBUG = "debug"
    INFO = "info"


class LogProperties(Record, kw_only=True):
    """The log of statements."""

    statements: Annotated[bool, Doc("Log each statement.")] = False
    level: Annotated[LogLevel, Doc("The level of these records.")] = LogLevel.DEBUG
    parameters: Annotated[
        LogParameters, Doc("masked: type and length of each value; hidden: nothing; full: the values.")
    ] = LogParameters.MASKED


class HookEnabled(Enum):
    """Whether a hook is told anything."""

    AUTO = "auto"
    TRUE = "true"
    FALSE = "false"


class HookProperties(Record, kw_only=True):
    """One hook."""

    enabled: Annotated[
        HookEnabled, Doc("false leaves the hook out; true adds one of the framework's, with its defaults.")
    ] = HookEnabled.AUTO


@config_properties("pyfly.data")
class StatementProperties(Record, kw_only=True):
    """What happens to the statements of all stores."""

    log: Annotated[LogProperties, Doc("The log of statements.")] = attribute(default_factory=LogProperties)
    slow_query_threshold: Annotated[
        timedelta | None, Doc("Warn of statements that take longer, with the code that sent them.")
    ] = None
    hooks: Annotated[
        dict[str, HookProperties],
        Doc(
            "Hooks by name: statement-log, slow-query, statistics, leak, n-plus-one, or the name of a SqlHook bean."
        ),
    ] = attribute(default_factory=dict)
