"""The settings of aspects."""

from dataclasses import dataclass
from typing import Annotated

from pyfly.core.config import Doc, config_properties


@config_properties("pyfly.aop")
@dataclass(frozen=True, kw_only=True)
class AopProperties:
    """``pyfly.aop``: advice around the methods of beans."""

    enabled: Annotated[bool, Doc("Whether the advice of aspects is woven into other beans.")] = True
