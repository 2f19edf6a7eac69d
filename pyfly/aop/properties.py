"""The settings of aspects."""

from typing import Annotated

from pyfly.core.config import Doc, config_properties
from pyfly.kernel.record import Record


@config_properties("pyfly.aop")
class AopProperties(Record, kw_only=True):
    """``pyfly.aop``: advice around the methods of beans."""

    enabled: Annotated[bool, Doc("Whether the advice of aspects is woven into other beans.")] = True
