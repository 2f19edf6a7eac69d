"""The values of the switches of stores."""

from enum import Enum


class Enabled(Enum):
    """Whether a kind of store is on."""

    AUTO = "auto"
    TRUE = "true"
    FALSE = "false"
